import { z } from "zod";
import type { Variables } from "./variables.ts";

export interface StripeConfiguration {
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly clientId: string;
  /** Each list is tried in order, so that a secret can be rolled. */
  readonly platformWebhookSecrets: readonly string[];
  readonly connectWebhookSecrets: readonly string[];
  /** Where the API is instead of Stripe: the sandbox. Null: Stripe. */
  readonly apiOrigin: string | null;
  /** Where the consent page is. */
  readonly connectOrigin: string;
}

const purposes = {
  STRIPE_SECRET_KEY:
    "The platform's secret key, sk_live_… or sk_test_… (Stripe Dashboard, Developers, API keys).",
  STRIPE_PUBLISHABLE_KEY: "The platform's publishable key, pk_live_… or pk_test_…, beside the secret key.",
  STRIPE_CONNECT_CLIENT_ID:
    "The platform's client id, ca_…, of the same mode (Stripe Dashboard, Connect settings, OAuth).",
  STRIPE_WEBHOOK_SECRET:
    "The signing secret, whsec_…, of the webhook endpoint for the platform's own events; several are separated by commas.",
  STRIPE_CONNECT_WEBHOOK_SECRET:
    "The signing secret, whsec_…, of the webhook endpoint for events on connected accounts; several are separated by commas.",
} as const;
type StripeVariable = keyof typeof purposes;
const names: readonly StripeVariable[] = [
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_CONNECT_CLIENT_ID",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_CONNECT_WEBHOOK_SECRET",
];

const sandboxVariable = "REDRESS_SANDBOX_ORIGIN";
const loopbackHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);
const sandboxOrigin = z.url({ protocol: /^http$/, abort: true }).refine((url) => {
  const { hostname, origin } = new URL(url);
  return loopbackHosts.has(hostname) && url.replace(/\/$/, "") === origin;
});
const webhookSecrets = z
  .string()
  .transform((text) => text.split(",").map((secret) => secret.trim()))
  .pipe(z.array(z.string().regex(/^whsec_[\w+/=-]+$/)).min(1));

/**
 * All of the Stripe variables, or none.
 *
 * @returns null when none is set (the sandbox is to be started), or when something is wrong and reported
 */
export function readStripeVariables(
  variables: Variables,
  production: boolean,
): { mode: "live" | "test" | "sandbox"; stripe: StripeConfiguration | null } {
  const origin = readSandboxOrigin(variables, production);
  const missing = names.filter((name) => !variables.isSet(name));
  const none = missing.length === names.length;
  if (none && !production && !variables.isSet(sandboxVariable)) return { mode: "sandbox", stripe: null };
  for (const name of missing)
    variables.report(name, `It is missing. ${purposes[name]} ${advice(production)}`);

  const read = <Value>(name: StripeVariable, schema: z.ZodType<Value, string>) =>
    variables.read(name, schema, `It does not look right. ${purposes[name]}`);
  const secretKey = read("STRIPE_SECRET_KEY", z.string().regex(/^[sr]k_(live|test)_\w+$/));
  const publishableKey = read("STRIPE_PUBLISHABLE_KEY", z.string().regex(/^pk_(live|test)_\w+$/));
  const clientId = read("STRIPE_CONNECT_CLIENT_ID", z.string().regex(/^ca_\w+$/));
  const platformWebhookSecrets = read("STRIPE_WEBHOOK_SECRET", webhookSecrets);
  const connectWebhookSecrets = read("STRIPE_CONNECT_WEBHOOK_SECRET", webhookSecrets);

  const mode = variables.isSet(sandboxVariable) ? "sandbox" : keyMode(secretKey);
  checkModes(variables, { secretKey, publishableKey });
  if (!secretKey || !publishableKey || !clientId || !platformWebhookSecrets || !connectWebhookSecrets) {
    return { mode, stripe: null };
  }
  const keys = { secretKey, publishableKey, clientId, platformWebhookSecrets, connectWebhookSecrets };
  return {
    mode,
    stripe: { ...keys, apiOrigin: origin, connectOrigin: origin ?? "https://connect.stripe.com" },
  };
}

function readSandboxOrigin(variables: Variables, production: boolean): string | null {
  const origin = variables.read(
    sandboxVariable,
    sandboxOrigin,
    "It must be the sandbox's origin on this machine, such as http://127.0.0.1:4010. Leave it unset to use Stripe itself.",
  );
  if (variables.isSet(sandboxVariable) && production) {
    variables.report(
      sandboxVariable,
      "The sandbox never runs with NODE_ENV=production. Remove this variable.",
    );
  }
  return origin === null ? null : new URL(origin).origin;
}

function checkModes(
  variables: Variables,
  keys: { secretKey: string | null; publishableKey: string | null },
): void {
  const { secretKey, publishableKey } = keys;
  if (secretKey !== null && publishableKey !== null && keyMode(secretKey) !== keyMode(publishableKey)) {
    variables.report(
      "STRIPE_PUBLISHABLE_KEY",
      "It is of the other mode than STRIPE_SECRET_KEY. Take both from the same page of the Dashboard: live and test are two deployments.",
    );
  }
  if (variables.isSet(sandboxVariable) && secretKey !== null && keyMode(secretKey) === "live") {
    variables.report(
      sandboxVariable,
      "It is set together with a live STRIPE_SECRET_KEY, which must never be sent to a sandbox. Remove one of them.",
    );
  }
}

function keyMode(key: string | null): "live" | "test" {
  return key?.split("_")[1] === "live" ? "live" : "test";
}

function advice(production: boolean): string {
  return production
    ? "With NODE_ENV=production all five Stripe variables are needed."
    : "Set all five Stripe variables, or none of them to use the local sandbox.";
}
