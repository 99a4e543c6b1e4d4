import { exportCurrency, exportMonth } from "@redress/core/accounting/export-refunds";
import type { Command } from "../command.ts";
import { readArguments } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";

const next = "See npm run redress -- export --help.";
const text = { type: "string" } as const;

/**
 * Reads what follows `redress export`.
 *
 * @throws UsageError
 */
export function readExportCommand(words: readonly string[]): Command {
  const [subcommand, ...rest] = words;
  if (subcommand !== "refunds") {
    const said = subcommand === undefined ? "Say what to export" : `There is no "export ${subcommand}"`;
    throw new UsageError(`${said}: refunds. ${next}`);
  }
  const values = readArguments(rest, { app: text, month: text, currency: text }, next);
  for (const [name, schema] of [
    ["month", exportMonth],
    ["currency", exportCurrency],
  ] as const) {
    const given = values[name];
    const wrong = given === undefined ? undefined : schema.safeParse(given).error?.issues[0]?.message;
    if (wrong !== undefined) throw new UsageError(`--${name} ${wrong}, and "${given}" is none. ${next}`);
  }
  return async (desk) => (await import("./export-refunds.ts")).writeRefunds(desk, values);
}
