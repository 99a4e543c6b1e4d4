import { readArguments } from "./read-arguments.ts";
import { readMoment, readSince } from "./read-since.ts";
import { UsageError } from "./usage-error.ts";

export interface ReconcileOptions {
  readonly slugs: readonly string[];
  readonly all: boolean;
  /** Ids of refunds, ours or Stripe's, instead of apps. */
  readonly refundIds: readonly string[];
  readonly since: Date;
  readonly json: boolean;
}

export interface AfterRestoreOptions {
  /** The moment of the backup, where the database's own newest entry does not tell. */
  readonly since?: Date | undefined;
  readonly json: boolean;
}

const help = "See npm run redress -- reconcile --help.";
const options = {
  app: { type: "string", multiple: true },
  all: { type: "boolean" },
  refund: { type: "string", multiple: true },
  since: { type: "string" },
  json: { type: "boolean" },
} as const;

/**
 * Reads `--after-restore`, which goes with `--since` and `--json` only.
 *
 * @returns null when it was not given
 * @throws UsageError
 */
export function readAfterRestore(words: readonly string[], now: Date): AfterRestoreOptions | null {
  if (!words.includes("--after-restore")) return null;
  const values = readArguments(words, { ...options, "after-restore": { type: "boolean" } }, help);
  if (values.app !== undefined || values.all !== undefined || values.refund !== undefined) {
    throw new UsageError(`--after-restore is about all apps: leave --app, --all and --refund out. ${help}`);
  }
  const since = values.since === undefined ? undefined : readMoment("--since", values.since, now);
  return { since, json: values.json ?? false };
}

/** @throws UsageError */
export function readReconcileOptions(words: readonly string[], now: Date): ReconcileOptions {
  const values = readArguments(words, options, help);
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
