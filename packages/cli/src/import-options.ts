import { readArguments } from "./read-arguments.ts";
import { UsageError } from "./usage-error.ts";

export interface ImportOptions {
  readonly app: string;
  readonly json: boolean;
}

const next = "See npm run redress -- purchases --help.";

/**
 * Reads what follows `redress purchases import`.
 *
 * @throws UsageError
 */
export function readImportOptions(words: readonly string[]): ImportOptions {
  const { app, json = false } = readArguments(
    words,
    { app: { type: "string" }, json: { type: "boolean" } },
    next,
  );
  if (app === undefined) throw new UsageError(`Say of which app: purchases import --app <slug>. ${next}`);
  return { app, json };
}
