import { rejectionNote } from "@redress/core/approvals/reject-refund";
import { dryRunLimits } from "@redress/core/policy/dry-run";
import { policySchema } from "@redress/core/policy/policy-schema";
import { z } from "zod";

export const idParams = z.object({ id: z.string() });
export const slugParams = z.object({ slug: z.string() });

/** The part of a list that is wanted: `cursor` is the `nextCursor` of the part before. */
export const listQuery = z.object({
  cursor: z.string().max(500).exactOptional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const note = z
  .string()
  .trim()
  .max(2000)
  .transform((text) => (text === "" ? undefined : text))
  .optional();

/** What somebody says about a refund. */
export const commentBody = z.strictObject({ text: z.string().trim().min(1).max(2000) });

/** Why a request is decided as it is. */
export const decisionBody = z.object({ note });

/** Nobody is told no without a reason. */
export const rejectionBody = z.object({ note: rejectionNote });

/** A page of the helpdesk. It is only ever a link: nothing of it is fetched. */
export const ticketUrl = z
  .url({ protocol: /^https?$/, error: "must be the address of a page, such as https://help.example.com/42" })
  .max(500)
  .optional();

/** A request for a refund. Amounts are in the currency's smallest unit; none means all that is left. */
export const refundBody = z.strictObject({
  purchaseId: z.string(),
  amount: z.int().positive().optional(),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, "must be a lower-case currency such as eur")
    .optional(),
  /** A code of the app's list. */
  reason: z.string().min(1).max(40).optional(),
  note,
  ticketUrl,
  /** For agents: refunds of the same purchase that are there, when another one is wanted beside them. */
  inAdditionTo: z.array(z.string().min(1).max(100)).max(50).optional(),
});

/** A request that is only thought of. */
export const refundPolicyQuery = z.strictObject({
  amount: z.coerce.number().int().positive().optional(),
  currency: refundBody.shape.currency,
  reason: refundBody.shape.reason,
  /** Separated by commas. */
  inAdditionTo: z
    .string()
    .max(5_000)
    .transform((text) => text.split(","))
    .pipe(z.array(z.string().min(1).max(100)).max(50))
    .optional(),
});

/** Named, so that the interface's description has it once. */
const policy = policySchema.meta({ id: "PolicyDocument" });

/** A policy to put in force, and the version that its author had read. */
export const policyBody = z.strictObject({
  policy: policy.nullable(),
  seenVersion: z.int().min(0).exactOptional(),
});

/** A draft, and on how many of the newest requests it is tried. */
export const dryRunBody = z.strictObject({
  policy,
  limit: z.int().min(1).max(dryRunLimits.most).exactOptional(),
});
