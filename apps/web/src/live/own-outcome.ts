import * as z from "zod/mini";

/** What became of a refund, told to the browser of whoever asked for it or approved it. */
export const ownOutcomeSchema = z.object({
  refundId: z.string(),
  /** Its state in a word or two, e.g. "Refunded". */
  label: z.string(),
  tone: z.enum(["good", "waiting", "bad", "moving", "quiet"]),
  /** Whose money, e.g. "€29.00 to Ada Lovelace". */
  what: z.string(),
});

export type OwnOutcome = z.infer<typeof ownOutcomeSchema>;
