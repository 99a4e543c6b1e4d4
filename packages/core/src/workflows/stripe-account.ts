import { accountDeauthorized } from "../connect/account-deauthorized.ts";
import { accountUpdated } from "../connect/account-updated.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { type AccountEvent, type EventOutcome, stripeEventWorkflow } from "./stripe-event.ts";

/** News of a connection: a merchant ended it, or something about the account changed. */
export function stripeAccountWorkflow(dependencies: Dependencies): Workflow<"stripe/event.received"> {
  return stripeEventWorkflow(dependencies, {
    id: "handle-stripe-account",
    concurrencyKey: (accountId) => `account:${accountId}`,
    handle: (event) =>
      event.type === "account.updated" ? handleUpdate(dependencies, event) : handleEnd(dependencies, event),
  });
}

/** The account is named by the event alone, and cannot be asked any more. */
async function handleEnd(
  dependencies: Dependencies,
  { id: correlationId, accountId, createdAt: eventCreated }: AccountEvent,
): Promise<EventOutcome> {
  const outcome = await accountDeauthorized(dependencies, { accountId, eventCreated, correlationId });
  return outcome === "cleared" ? { status: "handled" } : { status: "handled", label: outcome };
}

async function handleUpdate(
  dependencies: Dependencies,
  { id: correlationId, accountId }: AccountEvent,
): Promise<EventOutcome> {
  const news = await accountUpdated(dependencies, { accountId, correlationId });
  if (news === "unknown_account") return { status: "ignored", label: news };
  return news === "fine" ? { status: "handled" } : { status: "handled", label: news };
}
