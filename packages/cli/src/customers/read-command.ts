import type { CustomerQuery } from "@redress/core/privacy/customer";
import type { Command } from "../command.ts";
import { readArguments } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";

const help = "See npm run redress -- customers --help.";
const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;
const whose = { email: text, customer: text, app: text } as const;

/**
 * Reads what follows `redress customers`.
 *
 * @throws UsageError
 */
export function readCustomersCommand(words: readonly string[]): Command {
  const [subcommand, ...rest] = words;
  switch (subcommand) {
    case "export": {
      const query = queryOf(readArguments(rest, whose, help));
      return async (desk) => (await import("./export-customer.ts")).exportOne(desk, query);
    }
    case "erase": {
      const {
        yes = false,
        json = false,
        ...values
      } = readArguments(rest, { ...whose, yes: flag, json: flag }, help);
      const query = queryOf(values);
      return async (desk) => (await import("./erase-customer.ts")).eraseOne(desk, { query, yes, json });
    }
    default:
      throw new UsageError(`Say export or erase. ${help}`);
  }
}

function queryOf(values: { email?: string; customer?: string; app?: string }): CustomerQuery {
  const { email, customer: customerId, app: appSlug } = values;
  if (email === undefined && customerId === undefined) {
    throw new UsageError(`Say whose data is meant: --email or --customer. ${help}`);
  }
  return { email, customerId, appSlug };
}
