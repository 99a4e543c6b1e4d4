import type { ErrorCode } from "@redress/core/errors";
import type { Guard } from "../access/guarded.ts";
import type { Operation } from "./operation.ts";

const ofKeys: readonly ErrorCode[] = ["key_invalid", "key_expired", "key_revoked", "rate_limited"];
const ofPeople: readonly ErrorCode[] = ["sign_in_required", "permission_denied"];

/** What a route says of whose data it touches, and how that can be missing. */
const missing: Readonly<Record<string, ErrorCode>> = {
  refund: "refund_not_found",
  bulkRefund: "bulk_refund_not_found",
  purchase: "purchase_not_found",
  app: "app_not_found",
  event: "event_not_found",
  deadLetter: "dead_letter_not_found",
  notification: "notification_not_found",
  proposal: "proposal_not_found",
};

/** Every error code that a route can answer with. */
export function errorsOf(guard: Guard, { errors = [] }: Pick<Operation, "errors">): ErrorCode[] {
  return [...new Set<ErrorCode>([...ofGuard(guard), ...errors, "internal"])];
}

function ofGuard(guard: Guard): readonly ErrorCode[] {
  switch (guard.kind) {
    case "operator":
    case "caller": {
      const absent = missing[guard.owner];
      return ["invalid_input", ...ofPeople, ...ofKeys, ...(absent === undefined ? [] : [absent])];
    }
    case "agent":
      return ["permission_denied", ...ofKeys];
    case "app-signed":
      return ["invalid_input", "signature_invalid", "app_not_found"];
    case "own-account":
      return ["invalid_input", ...ofPeople];
    case "portal":
      return ["invalid_input", "portal_link_ended", "rate_limited"];
    case "embed":
      return [
        "invalid_input",
        "embed_token_invalid",
        "embed_token_expired",
        "permission_denied",
        "rate_limited",
      ];
    case "public":
      return [];
  }
}
