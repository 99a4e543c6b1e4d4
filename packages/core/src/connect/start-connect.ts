import { readAppRow } from "../apps/get-app.ts";
import type { Dependencies, Settings } from "../dependencies.ts";
import { createConnectState, type Traveller } from "./connect-state.ts";

/** Where Stripe sends the operator back to; to be registered in the platform's Connect settings. */
export function connectRedirectUri(settings: Settings): string {
  return `${settings.publicUrl}/api/stripe/connect/callback`;
}

/**
 * Begins a connection: the address of Stripe's consent page, with a fresh state and the app's own record
 * as prefill (Stripe: OAuth reference, GET /oauth/authorize).
 *
 * @throws RedressError `app_not_found`
 */
export async function startConnect(
  dependencies: Dependencies,
  input: Traveller & { appSlug: string },
): Promise<{ url: string }> {
  const { operatorId, sessionToken } = input;
  const { settings } = dependencies;
  const app = await readAppRow(dependencies.database, input.appSlug);
  const state = await createConnectState(dependencies, { operatorId, sessionToken, appId: app.id });
  // Not the SDK's `authorizeUrl`: it drops the port of a host of our own and insists on https.
  const url = new URL("/oauth/authorize", settings.stripe.connectOrigin);
  const parameters: Record<string, string | null> = {
    response_type: "code",
    client_id: settings.stripe.clientId,
    scope: "read_write",
    redirect_uri: connectRedirectUri(settings),
    state,
    "stripe_user[email]": app.contactEmail,
    "stripe_user[url]": app.websiteUrl,
    "stripe_user[business_name]": app.name,
    "stripe_user[product_description]": app.productDescription,
  };
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
  return { url: url.href };
}
