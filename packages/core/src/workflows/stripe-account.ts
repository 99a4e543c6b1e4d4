import { accountDeauthorized } from "../connect/account-deauthorized.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { stripeEventWorkflow } from "./stripe-event.ts";

/** A merchant ended the connection. The account is named by the event alone, and cannot be asked any more. */
export function stripeAccountWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-account",
    concurrencyKey: (accountId) => `account:${accountId}`,
    async handle({ id: correlationId, accountId, createdAt: eventCreated }) {
      const outcome = await accountDeauthorized(dependencies, { accountId, eventCreated, correlationId });
      return outcome === "cleared" ? { status: "handled" } : { status: "handled", label: outcome };
    },
  });
}
