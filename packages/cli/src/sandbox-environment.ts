import { z } from "zod";

type Environment = Readonly<Record<string, string | undefined>>;

const stripeVariables = [
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_CONNECT_CLIENT_ID",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_CONNECT_WEBHOOK_SECRET",
];
const platformSchema = z.object({
  secretKey: z.string(),
  publishableKey: z.string(),
  clientId: z.string(),
});
const accountsSchema = z.object({ accounts: z.array(z.object({ id: z.string() })) });
const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;

/**
 * With nothing but `REDRESS_SANDBOX_ORIGIN` set, the local sandbox is asked for its keys. Any other
 * environment is left as it is.
 *
 * @throws Error with a sentence when that is no origin on this machine, or no sandbox answers there
 */
export async function withSandboxKeys(environment: Environment): Promise<Environment> {
  const origin = environment.REDRESS_SANDBOX_ORIGIN;
  const isComplete =
    stripeVariables.some((name) => environment[name]) || environment.NODE_ENV === "production";
  if (isComplete || !origin) return environment;
  if (!loopback.test(origin)) {
    throw new Error(
      `REDRESS_SANDBOX_ORIGIN must be a sandbox's origin on this machine, such as http://127.0.0.1:4010, not "${origin}". npm start prints the one of its sandbox.`,
    );
  }
  const { secretKey, publishableKey, clientId } = await ask(origin, "platform", platformSchema);
  return {
    ...environment,
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_PUBLISHABLE_KEY: publishableKey,
    STRIPE_CONNECT_CLIENT_ID: clientId,
    // Nothing is received here.
    STRIPE_WEBHOOK_SECRET: "whsec_none",
    STRIPE_CONNECT_WEBHOOK_SECRET: "whsec_none",
  };
}

/**
 * Another sandbox than the desk's would say of every account that it is gone, and apps would be
 * disconnected for it.
 *
 * @throws Error with a sentence
 */
export async function checkSandboxKnows(origin: string, accountIds: readonly string[]): Promise<void> {
  const { accounts } = await ask(origin, "accounts", accountsSchema);
  const known = new Set(accounts.map(({ id }) => id));
  if (accountIds.length === 0 || accountIds.some((id) => known.has(id))) return;
  throw new Error(
    `The sandbox at ${origin} knows none of this desk's accounts: it is another desk's. Set REDRESS_SANDBOX_ORIGIN to the origin that npm start prints.`,
  );
}

async function ask<Value>(origin: string, what: string, schema: z.ZodType<Value>): Promise<Value> {
  try {
    const response = await fetch(new URL(`/admin/${what}`, origin), { signal: AbortSignal.timeout(5_000) });
    return schema.parse(await response.json());
  } catch (error) {
    throw new Error(
      `No Stripe sandbox answers at ${origin}. Start Redress with npm start, which prints the sandbox's origin, or set the Stripe variables that the server runs with.`,
      { cause: error },
    );
  }
}
