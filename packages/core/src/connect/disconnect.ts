import type { Actor } from "../actor.ts";
import type { AppView } from "../apps/app-view.ts";
import { getApp } from "../apps/get-app.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { countInFlight } from "../onboarding/count-in-flight.ts";
import { classifyOAuthError } from "../stripe/classify-oauth-error.ts";
import { clearConnection } from "./clear-connection.ts";
import { confirmNoAccess } from "./confirm-access.ts";
import { oauthSentence } from "./oauth-errors.ts";

/**
 * Gives the account back to its owner at Stripe, then clears the link. An app that is not connected, here or
 * at Stripe, is a success. Its purchases and refunds stay; refunds that still wait are blocked when they run.
 *
 * While the outcome of a call to Stripe is open, the account is not let go of: nobody could ask any more what became
 * of it.
 *
 * @param input.despiteRefunds lets go of it all the same; such refunds stay reserved, and are looked for when the same
 *   account is connected again
 * @throws RedressError `app_not_found`; `refunds_in_flight`, `deauthorize_failed`, and the app stays connected
 */
export async function disconnectApp(
  dependencies: Dependencies,
  input: { appSlug: string; actor: Actor; correlationId?: string; despiteRefunds?: boolean },
): Promise<AppView> {
  const app = await getApp(dependencies, { slug: input.appSlug });
  if (app.connection === null) return app;
  const { stripeAccountId: accountId, connectedAt } = app.connection;
  const { executing } = await countInFlight(dependencies.database, app.slug);
  if (executing > 0 && !input.despiteRefunds) throw inFlight(executing);
  await deauthorize(dependencies, accountId);
  await dependencies.database.transaction((transaction) =>
    clearConnection(dependencies, transaction, {
      accountId,
      connectedAt,
      reason: "operator",
      actor: input.actor,
      correlationId: input.correlationId ?? newId(dependencies.random, "correlation"),
    }),
  );
  return getApp(dependencies, { slug: input.appSlug });
}

function inFlight(executing: number): RedressError {
  const [some, they] = executing === 1 ? ["One refund is", "it"] : [`${executing} refunds are`, "they"];
  return new RedressError(
    "refunds_in_flight",
    `${some} on the way to Stripe, and without access nobody can ask what became of ${they === "it" ? "it" : "them"}. That is over in seconds, as a rule: try again then. Or disconnect all the same: ${they} will be looked for when the same account is connected again.`,
    { details: { executing } },
  );
}

async function deauthorize(dependencies: Dependencies, accountId: string): Promise<void> {
  try {
    await dependencies.stripe.oauth.deauthorize({
      client_id: dependencies.settings.stripe.clientId,
      stripe_user_id: accountId,
    });
  } catch (error) {
    const outcome = classifyOAuthError(error);
    if (outcome.kind === "unknown") {
      throw new RedressError(
        "deauthorize_failed",
        "Stripe's answer did not arrive, so the app is shown as connected until it is sure. Disconnect it again.",
        { cause: error },
      );
    }
    // `invalid_client` says "not connected" and "not your client id" alike (Stripe: POST /oauth/deauthorize).
    if (outcome.code === "invalid_client" && (await isLost(dependencies, accountId))) return;
    throw new RedressError("deauthorize_failed", oauthSentence(outcome.code), {
      details: { oauthCode: outcome.code },
      cause: error,
    });
  }
}

async function isLost(dependencies: Dependencies, accountId: string): Promise<boolean> {
  return (await confirmNoAccess(dependencies, { accountId })) === "lost";
}
