import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { findAppOf } from "./find-purchase.ts";
import { stripeEventWorkflow } from "./stripe-event.ts";

/** A charge that took money becomes a purchase. Snapshots may come in any order: taking one in only adds. */
export function stripeChargeWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-charge",
    concurrencyKey: (accountId, charge) => `charge:${accountId}:${String(charge.id)}`,
    repeatable: true,
    async handle({ accountId, object }) {
      const appId = await findAppOf(dependencies, accountId);
      if (appId === null) return { status: "ignored", label: "unknown_account" };
      const taken = await dependencies.database.transaction((transaction) =>
        takeInCharge(dependencies, transaction, { appId, accountId, charge: object }),
      );
      return taken ? { status: "handled" } : { status: "ignored", label: "no_money_taken" };
    },
  });
}
