import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { clearConnection } from "./clear-connection.ts";
import { confirmNoAccess } from "./confirm-access.ts";

/** Stripe's clock and ours may differ, and Stripe's events count whole seconds: within this, the account is asked. */
const clocksDifferMs = 5 * 60_000;

/**
 * The merchant, or Stripe, ended the connection (event `account.application.deauthorized`). The event may be
 * late or come twice, so it clears the link only when it is newer than the present connection.
 *
 * @param input.eventCreated the event's `created`, in whole seconds
 * @throws RedressError `stripe_unavailable` when the account had to be asked and did not answer: to be repeated
 */
export async function accountDeauthorized(
  dependencies: Dependencies,
  input: { accountId: string; eventCreated: Date; correlationId: string },
): Promise<"cleared" | "kept" | "not_connected"> {
  const { accountId, eventCreated, correlationId } = input;
  const [app] = await dependencies.database
    .select({ connectedAt: apps.connectedAt })
    .from(apps)
    .where(eq(apps.stripeAccountId, accountId));
  const connectedAt = app?.connectedAt;
  if (!connectedAt) return "not_connected";
  const newerByMs = eventCreated.getTime() - connectedAt.getTime();
  if (newerByMs < -clocksDifferMs) return "kept";
  if (newerByMs <= clocksDifferMs && !(await isLost(dependencies, accountId))) return "kept";
  const cleared = await dependencies.database.transaction((transaction) =>
    clearConnection(dependencies, transaction, {
      accountId,
      connectedAt,
      reason: "deauthorized_at_stripe",
      actor: { kind: "stripe", id: "account.application.deauthorized" },
      correlationId,
    }),
  );
  return cleared === null ? "not_connected" : "cleared";
}

async function isLost(dependencies: Dependencies, accountId: string): Promise<boolean> {
  const verdict = await confirmNoAccess(dependencies, { accountId });
  if (verdict === "lost" || verdict === "has_access") return verdict === "lost";
  throw new RedressError(
    "stripe_unavailable",
    "Stripe could not say whether the account is still connected. It is asked again by itself.",
    { details: { verdict } },
  );
}
