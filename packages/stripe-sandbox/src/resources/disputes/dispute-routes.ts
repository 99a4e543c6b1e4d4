import { z } from "zod";
import type { Context } from "../../context.ts";
import { badRequest, noSuch } from "../../errors.ts";
import { form, mergeMetadata } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { disputes } from "../collections.ts";
import { listOfPayment, ofPaymentParams } from "../payments/list-of-payment.ts";
import { type Dispute, evidenceFields, isClosed, isInquiry } from "./dispute.ts";
import { disputeObject, updateDispute } from "./dispute-effects.ts";
import { closeDispute, escalate } from "./raise-dispute.ts";

function findDispute(ctx: Context, id: string): Dispute {
  const dispute = ctx.collection(disputes).get(id);
  if (!dispute) throw noSuch("dispute", id, "dispute");
  return dispute;
}

const evidenceParam = z.strictObject(
  Object.fromEntries(evidenceFields.map((field) => [field, z.string().optional()])),
);

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/disputes/:id",
  params: z.strictObject({}),
  returns: "dispute",
  run: (ctx, _params, { id }) => disputeObject(ctx, findDispute(ctx, id)),
});

const list = defineRoute({
  method: "GET",
  path: "/v1/disputes",
  params: z.strictObject(ofPaymentParams),
  returns: { list: "dispute" },
  run: (ctx, params) =>
    listOfPayment(ctx, disputes, params, {
      url: "/v1/disputes",
      noun: "dispute",
      format: (dispute) => disputeObject(ctx, dispute),
    }),
});

const update = defineRoute({
  method: "POST",
  path: "/v1/disputes/:id",
  params: z.strictObject({
    evidence: evidenceParam.optional(),
    metadata: form.metadata().optional(),
    submit: form.boolean().optional(),
  }),
  returns: "dispute",
  lock: (ctx, _params, { id }) => ctx.collection(disputes).get(id)?.charge,
  run: (ctx, { evidence, metadata, submit }, { id }) => {
    const dispute = findDispute(ctx, id);
    if (evidence !== undefined || submit !== undefined) refuseClosed(dispute);
    const submitted = submit ?? evidence !== undefined;
    const changed = updateDispute(
      ctx,
      dispute,
      {
        evidence: mergeEvidence(dispute, evidence),
        metadata: mergeMetadata(dispute.metadata, metadata),
        ...(submitted ? { submissions: dispute.submissions + 1, status: reviewed(dispute) } : {}),
      },
      "charge.dispute.updated",
    );
    return disputeObject(ctx, submitted ? judge(ctx, changed) : changed);
  },
});

function reviewed({ status }: Dispute): Dispute["status"] {
  return isInquiry(status) ? "warning_under_review" : "under_review";
}

function mergeEvidence({ evidence }: Dispute, sent: Record<string, string | undefined> | undefined) {
  const merged = Object.entries({ ...evidence, ...sent });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** Test mode decides by magic words in `uncategorized_text`; anything else stays under review. */
function judge(ctx: Context, dispute: Dispute): Dispute {
  const inquiry = isInquiry(dispute.status);
  switch (dispute.evidence.uncategorized_text) {
    case "winning_evidence":
      return closeDispute(ctx, dispute, inquiry ? "warning_closed" : "won");
    case "losing_evidence":
      return closeDispute(ctx, dispute, inquiry ? "warning_closed" : "lost");
    case "escalate_inquiry_evidence":
      return inquiry ? escalate(ctx, dispute) : dispute;
    default:
      return dispute;
  }
}

/** The merchant accepts the dispute: it is lost. */
const close = defineRoute({
  method: "POST",
  path: "/v1/disputes/:id/close",
  params: z.strictObject({}),
  returns: "dispute",
  lock: (ctx, _params, { id }) => ctx.collection(disputes).get(id)?.charge,
  run: (ctx, _params, { id }) => {
    const dispute = findDispute(ctx, id);
    refuseClosed(dispute);
    const verdict = isInquiry(dispute.status) ? "warning_closed" : "lost";
    return disputeObject(ctx, closeDispute(ctx, dispute, verdict));
  },
});

function refuseClosed({ id, status }: Dispute): void {
  if (isClosed(status)) throw badRequest(`Dispute ${id} is already closed (${status}).`);
}

export const disputeRoutes: readonly Route[] = [retrieve, list, update, close];
