import { newId } from "@redress/core/ids";
import type { CustomerQuery } from "@redress/core/privacy/customer";
import { type Erasure, eraseCustomer } from "@redress/core/privacy/erase-customer";
import type { Desk } from "../command.ts";
import { actor } from "../events/replay-one.ts";
import { checkingInput } from "../events/usage-of.ts";
import { counted } from "../terminal.ts";

/** `customers erase`: says what would be removed; with `--yes` it is. */
export async function eraseOne(
  { dependencies, terminal }: Desk,
  { query, yes, json }: { query: CustomerQuery; yes: boolean; json: boolean },
): Promise<number> {
  const correlationId = newId(dependencies.random, "correlation");
  const erasure = await checkingInput(dependencies, () =>
    eraseCustomer(dependencies, { query, actor, correlationId, really: yes }),
  );
  terminal.out.write(json ? `${JSON.stringify({ erased: yes, ...erasure })}\n` : inWords(erasure, yes));
  return 0;
}

function inWords({ purchases, removed, mentions }: Erasure, yes: boolean): string {
  const lines = Object.entries(removed).map(
    ([table, rows]) => `  ${table.padEnd(22)} ${counted(rows, "row")}`,
  );
  const left = mentions.map(({ table, column, rows }) => `  ${table}.${column}: ${counted(rows, "row")}`);
  return [
    `${counted(purchases, "purchase")} of this customer.`,
    ...(lines.length > 0
      ? [yes ? "Removed what is personal of:" : "Would remove what is personal of:", ...lines]
      : []),
    ...(left.length > 0 ? ["Named there all the same, to be looked at by a person:", ...left] : []),
    yes ? "Erased." : "Nothing was changed. Add --yes to erase it; it cannot be taken back.",
    "",
  ].join("\n");
}
