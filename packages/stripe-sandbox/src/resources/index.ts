import type Stripe from "stripe";
import type { Context, TimerHandler } from "../context.ts";
import type { Expansions } from "../http/expand.ts";
import type { Route } from "../http/route.ts";

/** Every `/v1` route of the money resources. */
export const resourceRoutes: readonly Route[] = [];

/** The admin operations of the money resources. */
export const resourceAdmin = {};

/** Timer handlers by name, for `ctx.schedule`. */
export const resourceTimers: Readonly<Record<string, TimerHandler>> = {};

/** What `expand` can reach. */
export const resourceExpansions: Expansions = {};

/** One account's share of the ledger (`GET /admin/ledger`). */
export function resourceLedger(_ctx: Context): {
  charges: Stripe.Charge[];
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
  balanceTransactions: Stripe.BalanceTransaction[];
} {
  return { charges: [], refunds: [], disputes: [], balanceTransactions: [] };
}
