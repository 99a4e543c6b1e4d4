"use server";

import { createApp } from "@redress/core/apps/create-app";
import { getApp } from "@redress/core/apps/get-app";
import { rotateNotificationSecret } from "@redress/core/apps/rotate-notification-secret";
import { releaseRefunds, stopReason, stopRefunds } from "@redress/core/apps/stop-refunds";
import { updateApp } from "@redress/core/apps/update-app";
import { disconnectApp } from "@redress/core/connect/disconnect";
import { sendPing } from "@redress/core/notifications/send-ping";
import { startTestRefund } from "@redress/core/onboarding/start-test-refund";
import { startImport } from "@redress/core/purchases/start-import";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";
import { parseRules } from "../../../../src/rest/approval-rules-text.ts";

const slug = z.string();
/** A field that may be left empty. */
const orNull = z
  .string()
  .trim()
  .transform((text) => (text === "" ? null : text));

const settingsForm = z.object({
  name: z.string(),
  contactEmail: orNull,
  websiteUrl: orNull,
  notificationUrl: orNull,
  slackChannel: orNull.default(null),
  /** Not there where the policy in force says more than it can. */
  approvalRules: z.string().max(500).optional(),
  revokeAccessOnPartialRefund: z.literal("on").optional(),
  refundApplicationFee: z.literal("on").optional(),
});

function readSettings(form: z.output<typeof settingsForm>) {
  return {
    ...form,
    approvalRules: form.approvalRules === undefined ? undefined : parseRules(form.approvalRules),
    revokeAccessOnPartialRefund: form.revokeAccessOnPartialRefund === "on",
    refundApplicationFee: form.refundApplicationFee === "on",
  };
}

const byOperator = (operator: { id: string }) => ({ kind: "operator", id: operator.id }) as const;

/** Adds an app; its notification secret is shown this once. */
export const addApp = action(
  { permission: "apps.manage", owner: "desk", input: settingsForm.extend({ slug }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { slug: newSlug, ...form } = input;
    const actor = byOperator(operator);
    const settings = readSettings(form);
    const created = await createApp(dependencies, { ...settings, slug: newSlug, actor, correlationId });
    return { name: created.app.name, notificationSecret: created.notificationSecret };
  },
);

export const changeApp = action(
  { permission: "apps.manage", owner: { app: (input) => input.slug }, input: settingsForm.extend({ slug }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { slug: changed, ...form } = input;
    const actor = byOperator(operator);
    await updateApp(dependencies, { ...readSettings(form), slug: changed, actor, correlationId });
    return { saved: true };
  },
);

export const rotateSecret = action(
  {
    permission: "apps.manage",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, endPrevious: z.literal("yes").optional() }),
  },
  async ({ dependencies, operator, input, correlationId }) =>
    rotateNotificationSecret(dependencies, {
      slug: input.slug,
      endPrevious: input.endPrevious === "yes",
      actor: byOperator(operator),
      correlationId,
    }),
);

export const disconnect = action(
  {
    permission: "connections.manage",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, despiteRefunds: z.literal("on").optional() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = byOperator(operator);
    const despiteRefunds = input.despiteRefunds === "on";
    await disconnectApp(dependencies, { appSlug: input.slug, despiteRefunds, actor, correlationId });
    return { disconnected: true };
  },
);

/** Sends the app a signed message about nothing: address and secret are put to the proof. */
export const ping = action(
  { permission: "apps.manage", owner: { app: (input) => input.slug }, input: z.object({ slug }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { id: appId } = await getApp(dependencies, input);
    const sent = await sendPing(dependencies, { appId, actor: byOperator(operator), correlationId });
    const { ok, notificationId, httpStatus, message } = sent;
    return { ok, notificationId, httpStatus, message };
  },
);

/** Charges Stripe's test card on the app's account and asks for its refund; refused in live mode. */
export const testRefund = action(
  { permission: "connections.manage", owner: { app: (input) => input.slug }, input: z.object({ slug }) },
  async ({ dependencies, operator, input, correlationId }) =>
    startTestRefund(dependencies, { ...input, operatorId: operator.id, correlationId }),
);

/** Takes in the account's history once more; one that runs goes on. */
export const importHistory = action(
  { permission: "connections.manage", owner: { app: (input) => input.slug }, input: z.object({ slug }) },
  async ({ dependencies, operator, input, correlationId }) => {
    await startImport(dependencies, { ...input, actor: byOperator(operator), correlationId });
    return { started: true };
  },
);

/** The stop switch of an app: whoever may decide on a refund may set it, only an admin releases it. */
export const stop = action(
  {
    permission: "refunds.decide",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, reason: stopReason }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    await stopRefunds(dependencies, { ...input, actor: byOperator(operator), correlationId });
    return { stopped: true };
  },
);

export const release = action(
  { permission: "apps.manage", owner: { app: (input) => input.slug }, input: z.object({ slug }) },
  async ({ dependencies, operator, input, correlationId }) => {
    await releaseRefunds(dependencies, { ...input, actor: byOperator(operator), correlationId });
    return { released: true };
  },
);
