import { apps, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { DisconnectReason } from "../apps/app-view.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { stopImport } from "../purchases/begin-import.ts";

/**
 * Clears the link between an account and its app, in the caller's transaction. Purchases keep their account.
 *
 * @param input.connectedAt clears only the connection of that moment, not one that was made since
 * @returns the app's id, or null when no app is connected to this account (any more)
 */
export async function clearConnection(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  input: {
    accountId: string;
    connectedAt?: Date;
    reason: DisconnectReason;
    actor: Actor;
    correlationId: string;
  },
): Promise<string | null> {
  const now = dependencies.clock.now();
  const [app] = await transaction
    .update(apps)
    .set({
      stripeAccountId: null,
      stripeLivemode: null,
      stripeScope: null,
      connectedAt: null,
      connectedBy: null,
      disconnectedAt: now,
      disconnectedReason: input.reason,
      updatedAt: now,
    })
    .where(
      and(
        eq(apps.stripeAccountId, input.accountId),
        input.connectedAt && eq(apps.connectedAt, input.connectedAt),
      ),
    )
    .returning({ id: apps.id });
  if (app === undefined) return null;
  await stopImport(dependencies, transaction, { appId: app.id, why: "The app was disconnected." });
  await recordAudit(dependencies, transaction, {
    actor: input.actor,
    action: "app_disconnected",
    correlationId: input.correlationId,
    appId: app.id,
    before: { stripeAccountId: input.accountId },
    after: { stripeAccountId: null },
    details: { reason: input.reason },
  });
  return app.id;
}
