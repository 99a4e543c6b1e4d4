import { apps } from "@redress/database";
import { and, eq, isNull, or } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { beginImport } from "../purchases/begin-import.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import { type ConnectState, keepConnectResult } from "./connect-state.ts";
import type { ConnectFailure, Grant } from "./exchange-code.ts";

/**
 * Links the app to the account that was granted and asks for its charges to be imported, all or nothing.
 * The unique constraint decides between two apps that come with one account.
 *
 * @param input.successQuery kept as the journey's result
 * @returns why it was not linked, or null
 */
export async function saveConnection(
  dependencies: Dependencies,
  input: { journey: ConnectState; grant: Grant; successQuery: string },
): Promise<ConnectFailure | null> {
  try {
    return await link(dependencies, input);
  } catch (error) {
    // Never deauthorized here: that would cut the other app off.
    if (violatedConstraint(error) === "apps_stripe_account_id_unique") return { error: "account_in_use" };
    throw error;
  }
}

async function link(
  dependencies: Dependencies,
  input: { journey: ConnectState; grant: Grant; successQuery: string },
): Promise<ConnectFailure | null> {
  const { journey, grant } = input;
  const actor = { kind: "operator", id: journey.operatorId } as const;
  const now = dependencies.clock.now();
  return dependencies.database.transaction(async (transaction) => {
    const [before] = await transaction
      .select({ stripeAccountId: apps.stripeAccountId })
      .from(apps)
      .where(eq(apps.id, journey.appId))
      .for("update");
    const linked = await transaction
      .update(apps)
      .set({
        stripeAccountId: grant.accountId,
        stripeLivemode: grant.livemode,
        stripeScope: grant.scope,
        connectedAt: now,
        connectedBy: actor.id,
        disconnectedAt: null,
        disconnectedReason: null,
        updatedAt: now,
      })
      .where(
        and(
          eq(apps.id, journey.appId),
          or(isNull(apps.stripeAccountId), eq(apps.stripeAccountId, grant.accountId)),
        ),
      )
      .returning({ id: apps.id });
    if (linked.length === 0) return { error: "oauth_failed", reason: "app_already_connected" };
    await recordAudit(dependencies, transaction, {
      actor,
      action: "app_connected",
      correlationId: newId(dependencies.random, "correlation"),
      appId: journey.appId,
      before: { stripeAccountId: before?.stripeAccountId ?? null },
      after: { stripeAccountId: grant.accountId, livemode: grant.livemode, scope: grant.scope },
    });
    await beginImport(dependencies, transaction, { appId: journey.appId, accountId: grant.accountId });
    await keepConnectResult(transaction, journey.stateHash, input.successQuery);
    return null;
  });
}
