import { readArguments } from "./read-arguments.ts";
import { readSince } from "./read-since.ts";
import { UsageError } from "./usage-error.ts";

export interface ReconcileOptions {
  readonly slugs: readonly string[];
  readonly all: boolean;
  /** Ids of refunds, ours or Stripe's, instead of apps. */
  readonly refundIds: readonly string[];
  readonly since: Date;
  readonly json: boolean;
}

const options = {
  app: { type: "string", multiple: true },
  all: { type: "boolean" },
  refund: { type: "string", multiple: true },
  since: { type: "string" },
  json: { type: "boolean" },
} as const;

/** @throws UsageError */
export function readReconcileOptions(words: readonly string[], now: Date): ReconcileOptions {
  const values = readArguments(words, options, "See npm run redress -- reconcile --help.");
  const slugs = values.app ?? [];
  const refundIds = [...new Set(values.refund ?? [])];
  const all = values.all ?? false;
  const ways = [slugs.length > 0, all, refundIds.length > 0].filter(Boolean).length;
  if (ways !== 1) {
    throw new UsageError("Say what to compare: either --app <slug>, --all or --refund <id>.");
  }
  if (refundIds.length > 0 && values.since !== undefined) {
    throw new UsageError("--since goes with --app or --all: one refund is compared whenever it was made.");
  }
  return { slugs, all, refundIds, since: readSince(values.since, now), json: values.json ?? false };
}
