"use server";

import { getApp } from "@redress/core/apps/get-app";
import { grantRole } from "@redress/core/operators/grants";
import { setSingleAdminSetting } from "@redress/core/operators/single-admin";
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
