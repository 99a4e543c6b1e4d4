import { parseArgs } from "node:util";
import { readSince } from "./read-since.ts";
import { UsageError } from "./usage-error.ts";

export interface ReconcileOptions {
  readonly slugs: readonly string[];
  readonly all: boolean;
  readonly since: Date;
  readonly json: boolean;
}

/** @throws UsageError */
export function readReconcileOptions(words: readonly string[], now: Date): ReconcileOptions {
  const { values } = parse(words);
  const slugs = values.app ?? [];
  const all = values.all ?? false;
  if (all === slugs.length > 0) {
    throw new UsageError("Say which apps to compare: either --app <slug> or --all.");
  }
  return { slugs, all, since: readSince(values.since, now), json: values.json ?? false };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        app: { type: "string", multiple: true },
        all: { type: "boolean" },
        since: { type: "string" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}. See npm run redress -- reconcile --help.`);
  }
}
