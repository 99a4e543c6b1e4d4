import { z } from "zod";
import type { LoggedRequest } from "../http/request-log.ts";
import { resourceLedger } from "../resources/index.ts";
import { defineSystemOperation } from "./system-operation.ts";

export interface Ledger {
  accounts: Record<string, ReturnType<typeof resourceLedger>>;
  requests: LoggedRequest[];
}

/** What really happened, for proofs: every account's money objects, and every request (newest 100,000). */
export const ledger = defineSystemOperation({
  method: "GET",
  path: "/ledger",
  body: z.strictObject({}),
  run({ directory, contexts, requests }): Ledger {
    const accounts = directory.accounts
      .all()
      .map(({ id }) => [id, resourceLedger(contexts.create({ account: id }))] as const);
    return { accounts: Object.fromEntries(accounts), requests: requests.all() };
  },
});
