"use server";

import { getApp } from "@redress/core/apps/get-app";
import { RedressError } from "@redress/core/errors";
import { activate, deactivate, endSessions, resetSecondFactor } from "@redress/core/operators/deactivate";
import { grantRole } from "@redress/core/operators/grants";
import { invite, revokeInvitation, sendInvitationAgain } from "@redress/core/operators/invite";
import { setDeskSetting, setSingleAdminSetting } from "@redress/core/operators/single-admin";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";
import { addOperator, newOperatorWithRole } from "../../../../src/auth/add-operator.ts";
import { newOperator } from "../../../../src/auth/create-operator.ts";
import { setPassword } from "../../../../src/auth/set-password.ts";

export const addPerson = action(
  { permission: "operators.manage", owner: "desk", input: newOperatorWithRole },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await addOperator(dependencies, { ...input, actor, correlationId });
    return { name: input.name };
  },
);

/** Also how somebody is locked out: their sessions end. */
export const givePassword = action(
  {
    permission: "operators.manage",
    owner: "desk",
    input: newOperator.pick({ password: true }).extend({ operatorId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await setPassword(dependencies, { ...input, actor, correlationId });
    return { set: true };
  },
);

/** A company with a single administrator says here that they may approve their own requests. */
export const allowOwnApproval = action(
  { permission: "operators.manage", owner: "desk", input: z.object({ allow: z.literal("on").optional() }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await setSingleAdminSetting(dependencies, { value: input.allow === "on", actor, correlationId });
    return { saved: true };
  },
);

export const giveRole = action(
  {
    permission: "operators.manage",
    owner: "desk",
    input: newOperatorWithRole.pick({ role: true, appSlug: true }).extend({ operatorId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { operatorId, role, appSlug } = input;
    const app = appSlug === undefined ? null : await getApp(dependencies, { slug: appSlug });
    const actor = { kind: "operator", id: operator.id } as const;
    await grantRole(dependencies, { actor, operatorId, appId: app?.id ?? null, role, correlationId });
    return { given: true };
  },
);

const manage = { permission: "operators.manage", owner: "desk" } as const;
const person = z.object({ operatorId: z.string().max(100) });
const invitation = z.object({ invitationId: z.string().max(100) });
const by = ({ id }: { id: string }) => ({ kind: "operator", id }) as const;

export const invitePerson = action(
  { ...manage, input: newOperatorWithRole.pick({ email: true, role: true, appSlug: true }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { email, role, appSlug } = input;
    const app = appSlug === undefined ? null : await getApp(dependencies, { slug: appSlug });
    const appId = app?.id ?? null;
    await invite(dependencies, { email, role, appId, actor: by(operator), correlationId });
    return { email };
  },
);

export const inviteAgain = action(
  { ...manage, input: invitation },
  async ({ dependencies, operator, input, correlationId }) => {
    await sendInvitationAgain(dependencies, { ...input, actor: by(operator), correlationId });
    return { sent: true };
  },
);

export const revoke = action(
  { ...manage, input: invitation },
  async ({ dependencies, operator, input, correlationId }) => {
    await revokeInvitation(dependencies, { ...input, actor: by(operator), correlationId });
    return { revoked: true };
  },
);

export const shutOut = action(
  { ...manage, input: person },
  async ({ dependencies, operator, input, correlationId }) => {
    await deactivate(dependencies, { ...input, actor: by(operator), correlationId });
    return { done: true };
  },
);

export const letIn = action(
  { ...manage, input: person },
  async ({ dependencies, operator, input, correlationId }) => {
    await activate(dependencies, { ...input, actor: by(operator), correlationId });
    return { done: true };
  },
);

export const signOutPerson = action(
  { ...manage, input: person },
  async ({ dependencies, operator, input, correlationId }) =>
    endSessions(dependencies, { ...input, actor: by(operator), correlationId }),
);

export const resetFactor = action(
  { ...manage, input: person },
  async ({ dependencies, operator, input, correlationId }) => {
    await resetSecondFactor(dependencies, { ...input, actor: by(operator), correlationId });
    return { done: true };
  },
);

/** From then on a person without a second factor can do nothing but set one up. */
export const requireFactor = action(
  { ...manage, input: z.object({ required: z.literal("on").optional() }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const value = input.required === "on";
    if (value && !operator.hasSecondFactor) {
      throw new RedressError("invalid_input", "Set up your own second factor first, under Your account.");
    }
    const actor = by(operator);
    await setDeskSetting(dependencies, { key: "second_factor_required", value, actor, correlationId });
    return { saved: true };
  },
);
