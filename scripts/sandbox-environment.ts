import type { Sandbox } from "@redress/stripe-sandbox";
import Stripe from "stripe";

/** Every variable that would point Redress at the real Stripe. */
export const stripeVariables = [
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_CONNECT_CLIENT_ID",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_CONNECT_WEBHOOK_SECRET",
] as const;

/** A client on the sandbox, for the platform or for one account's own key. */
export function sandboxStripe(origin: string, secretKey: string): Stripe {
  const { hostname, port } = new URL(origin);
  return new Stripe(secretKey, { host: hostname, port, protocol: "http", telemetry: false });
}

/**
 * Registers this installation's two webhook endpoints at the sandbox, as an operator would in Stripe's
 * Dashboard, and returns the variables that make Redress use it. Endpoints of an earlier run with the
 * same address are replaced, since Stripe shows their secret only once.
 */
export async function sandboxEnvironment(
  sandbox: Sandbox,
  publicUrl: string,
): Promise<Record<string, string>> {
  const { secretKey, publishableKey, clientId } = sandbox.platform;
  const stripe = sandboxStripe(sandbox.origin, secretKey);
  const url = `${publicUrl}/api/stripe/webhooks`;
  for await (const endpoint of stripe.webhookEndpoints.list()) {
    if (endpoint.url === url) await stripe.webhookEndpoints.del(endpoint.id);
  }
  const create = async (connect: boolean) => {
    const { secret } = await stripe.webhookEndpoints.create({ url, enabled_events: ["*"], connect });
    if (secret === undefined) throw new Error("The sandbox gave no secret for a new webhook endpoint.");
    return secret;
  };
  return {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_PUBLISHABLE_KEY: publishableKey,
    STRIPE_CONNECT_CLIENT_ID: clientId,
    STRIPE_WEBHOOK_SECRET: await create(false),
    STRIPE_CONNECT_WEBHOOK_SECRET: await create(true),
    NEXT_PUBLIC_URL: publicUrl,
    REDRESS_SANDBOX_ORIGIN: sandbox.origin,
    // The apps of a desk on this machine are on this machine, too.
    REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true",
  };
}
