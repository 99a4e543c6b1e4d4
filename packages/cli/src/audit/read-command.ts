import type { Command } from "../command.ts";
import { readArguments, readWholeNumber } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";

const next = "See npm run redress -- audit --help.";
const text = { type: "string" } as const;
const json = { type: "boolean" } as const;

/**
 * Reads what follows `redress audit`.
 *
 * @throws UsageError
 */
export function readAuditCommand(words: readonly string[]): Command {
  const [subcommand, ...rest] = words;
  switch (subcommand) {
    case "list": {
      const values = readArguments(
        rest,
        { refund: text, purchase: text, limit: text, cursor: text, json },
        next,
      );
      const limit = readWholeNumber("--limit", values.limit, 1, next) ?? 50;
      if (limit > 200) throw new UsageError(`--limit takes a whole number from 1 to 200. ${next}`);
      return async (desk) => (await import("./list.ts")).list(desk, { ...values, limit });
    }
    case "verify": {
      const values = readArguments(rest, { json }, next);
      return async (desk) => (await import("./verify.ts")).verify(desk, values);
    }
    default:
      throw new UsageError(
        `${subcommand === undefined ? "Say what to do with the log" : `There is no "audit ${subcommand}"`}: list or verify. ${next}`,
      );
  }
}
