import { createHash } from "node:crypto";
import { RedressError } from "../errors.ts";
import type { RefundRow } from "../refunds/refund-row.ts";

type Request = Pick<RefundRow, "id" | "purchaseId" | "amount" | "currency" | "reason">;

/** Stands for exactly what an approver is shown of a request: the purchase, the amount, its currency and the reason. */
export function hashOfRequest({ id, purchaseId, amount, currency, reason }: Request): string {
  const shown = JSON.stringify([id, purchaseId, amount, currency, reason]);
  return createHash("sha256").update(shown).digest("base64url");
}

/** @throws RedressError `request_changed` */
export function requireShown(refund: Request, shown: string): void {
  if (hashOfRequest(refund) === shown) return;
  throw new RedressError(
    "request_changed",
    "This request is not what you were shown any more. Open it in Redress and decide there.",
  );
}
