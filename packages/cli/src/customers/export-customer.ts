import { newId } from "@redress/core/ids";
import type { CustomerQuery } from "@redress/core/privacy/customer";
import { exportCustomer } from "@redress/core/privacy/export-customer";
import type { Desk } from "../command.ts";
import { actor } from "../events/replay-one.ts";
import { checkingInput } from "../events/usage-of.ts";
import { counted } from "../terminal.ts";

/** `customers export`: all that the desk has of a customer, as one JSON object on standard output. */
export async function exportOne({ dependencies, terminal }: Desk, query: CustomerQuery): Promise<number> {
  const correlationId = newId(dependencies.random, "correlation");
  const all = await checkingInput(dependencies, () =>
    exportCustomer(dependencies, { query, actor, correlationId }),
  );
  terminal.out.write(`${JSON.stringify(all, null, 2)}\n`);
  terminal.err.write(`${counted(all.purchases?.length ?? 0, "purchase")} found.\n`);
  return 0;
}
