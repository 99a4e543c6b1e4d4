import type { Command } from "../command.ts";
import { readArguments } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";

const help = "See npm run redress -- secrets --help.";
const flag = { type: "boolean" } as const;

/**
 * Reads what follows `redress secrets`.
 *
 * @throws UsageError
 */
export function readSecretsCommand(words: readonly string[]): Command {
  const [subcommand, ...rest] = words;
  switch (subcommand) {
    case "reseal": {
      const { check = false, json = false } = readArguments(rest, { check: flag, json: flag }, help);
      return async (desk) => {
        const { checkSeals, resealAll } = await import("./reseal.ts");
        return check ? checkSeals(desk, { json }) : resealAll(desk, { json });
      };
    }
    case "end-sessions": {
      const { yes = false, json = false } = readArguments(rest, { yes: flag, json: flag }, help);
      return async (desk) => (await import("./end-sessions.ts")).endSessions(desk, { yes, json });
    }
    default:
      throw new UsageError(`Say reseal or end-sessions. ${help}`);
  }
}
