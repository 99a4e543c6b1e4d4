import type { Actor } from "@redress/core/actor";
import { getApp } from "@redress/core/apps/get-app";
import type { Dependencies } from "@redress/core/dependencies";
import { startAskedRun } from "@redress/core/reconciliation/start-asked-run";
import { usualSince } from "@redress/core/reconciliation/usual-since";

/**
 * Starts a comparison of an app's books with Stripe, which the sweepers take to its end.
 *
 * @param request.since a date; 30 days ago unless told
 * @throws RedressError `app_not_connected`; `invalid_input` for a date that is to come
 */
export async function startComparison(
  dependencies: Dependencies,
  request: { appSlug: string; since?: string | undefined; askedBy: Actor },
): Promise<{ runId: string; resumed: boolean; since: Date }> {
  const { id, name, connection } = await getApp(dependencies, { slug: request.appSlug });
  const since = request.since === undefined ? usualSince(dependencies.clock.now()) : new Date(request.since);
  const app = { id, name, stripeAccountId: connection?.stripeAccountId ?? null };
  return { ...(await startAskedRun(dependencies, { app, since, askedBy: request.askedBy })), since };
}
