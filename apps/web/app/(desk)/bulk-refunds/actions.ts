"use server";

import { readAppRow } from "@redress/core/apps/get-app";
import { approveBulk, rejectBulk } from "@redress/core/bulk/decide-bulk";
import { requestBulk } from "@redress/core/bulk/request-bulk";
import { cancelBulk, pauseBulk, resumeBulk, withdrawBulk } from "@redress/core/bulk/steer-bulk";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";

const optional = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .transform((text) => (text === "" ? undefined : text))
    .optional();

/** Asks for a list of refunds, from lines where there are any, else from a search. */
export const ask = action(
  {
    permission: "refunds.request",
    owner: { app: ({ app }) => app },
    input: z.object({
      app: z.string(),
      filter: optional(200),
      csv: z.string().max(1_000_000).optional(),
      reason: optional(40),
      note: optional(2000),
      requestKey: optional(100),
    }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { app, filter = "", csv = "", reason, note, requestKey } = input;
    const { id: appId } = await readAppRow(dependencies.database, app);
    const { bulkRefundId } = await requestBulk(dependencies, {
      source: csv.trim() === "" ? { kind: "filter", query: filter } : { kind: "csv", text: csv },
      ...{ appId, reason, note, requestKey, correlationId, requester: { kind: "operator", id: operator.id } },
    });
    redirect(`/bulk-refunds/${bulkRefundId}`);
  },
);

/** Approves or rejects exactly the list that was shown. */
export const decideList = action(
  {
    permission: "refunds.decide",
    owner: { bulkRefund: ({ bulkRefundId }) => bulkRefundId },
    input: z.object({
      bulkRefundId: z.string(),
      listHash: z.string(),
      decision: z.enum(["approve", "reject"]),
      note: optional(2000),
    }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { bulkRefundId, listHash, decision, note } = input;
    const decided = { bulkRefundId, listHash, operatorId: operator.id, correlationId };
    if (decision === "approve") await approveBulk(dependencies, { ...decided, note });
    else await rejectBulk(dependencies, { ...decided, note: note ?? "" });
    redirect(`/bulk-refunds/${bulkRefundId}`);
  },
);

const steps = { pause: pauseBulk, resume: resumeBulk, cancel: cancelBulk } as const;

/** Pauses a run, lets it go on, or gives up the rest of it. */
export const steerList = action(
  {
    permission: "refunds.decide",
    owner: { bulkRefund: ({ bulkRefundId }) => bulkRefundId },
    input: z.object({ bulkRefundId: z.string(), step: z.enum(["pause", "resume", "cancel"]) }),
  },
  async ({ dependencies, operator, input: { bulkRefundId, step }, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await steps[step](dependencies, { bulkRefundId, actor, correlationId });
    redirect(`/bulk-refunds/${bulkRefundId}`);
  },
);

/** Takes a list back before anybody approved it. */
export const withdrawList = action(
  {
    permission: "refunds.withdraw",
    owner: { bulkRefund: ({ bulkRefundId }) => bulkRefundId },
    input: z.object({ bulkRefundId: z.string() }),
  },
  async ({ dependencies, operator, input: { bulkRefundId }, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await withdrawBulk(dependencies, { bulkRefundId, actor, correlationId });
    redirect(`/bulk-refunds/${bulkRefundId}`);
  },
);
