import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import type Stripe from "stripe";
import { sandboxStripe } from "../scripts/sandbox-environment.ts";
import { cutEvent, type EventTemplate, eventMix } from "./load/event-source.ts";

/** One app of the bench, and its own account at the sandbox. */
export interface BenchApp {
  readonly slug: string;
  readonly accountId: string;
}

/** An event as it is delivered. */
export interface Delivered {
  readonly event: Stripe.Event;
  readonly body: string;
}

/** The local Stripe, and what has happened there. */
export interface BenchStripe {
  readonly sandbox: Sandbox;
  readonly apps: readonly BenchApp[];
  /** The apps' merchants with their own keys, and what they have sold. */
  readonly merchants: readonly { readonly stripe: Stripe; readonly charges: readonly Stripe.Charge[] }[];
  /**
   * The merchants refund so many charges of each account, half of them in part, and nothing is delivered:
   * to be called once Redress knows the charges.
   */
  refundCharges(perAccount: number): Promise<void>;
  /** All that has happened on the connected accounts, as Stripe would deliver it, oldest first. */
  events(): Promise<Delivered[]>;
  templates(): Promise<EventTemplate[]>;
}

const slugs = ["type-school", "pixel-atelier"];

/**
 * Starts a sandbox with two accounts that sell for a while.
 *
 * @param options.refundLimitPerSecond refunds created a second, above which the sandbox answers 429; no limit unless told
 */
export async function startStripe(
  chargesPerAccount: number,
  options: { refundLimitPerSecond?: number } = {},
): Promise<BenchStripe> {
  const sandbox = await startSandbox({ seed: 1, ...options });
  const apps: BenchApp[] = [];
  // Merchants act with their own keys, connected or not.
  const merchants = new Map<string, { stripe: Stripe; charges: Stripe.Charge[] }>();
  for (const slug of slugs) {
    const account = await sandbox.admin.createAccount({
      business_name: slug,
      email: `owner@${slug}.example`,
    });
    const made: Stripe.Charge[] = [];
    for (let index = 0; index < chargesPerAccount; index += 1) {
      made.push(await sell(sandbox, account.id, index));
    }
    merchants.set(account.id, { stripe: sandboxStripe(sandbox.origin, account.secretKey), charges: made });
    apps.push({ slug, accountId: account.id });
  }
  const refundCharges = async (perAccount: number) => {
    await sandbox.admin.setDelivery({ mode: "drop" });
    for (const { stripe, charges } of merchants.values()) {
      for (const [index, { id, amount }] of charges.slice(0, perAccount).entries()) {
        await stripe.charges.update(id, { metadata: { shelf: String(index) } });
        const part = index % 2 === 0 ? {} : { amount: Math.floor(amount / 2) };
        const refund = await stripe.refunds.create({ charge: id, ...part });
        await stripe.refunds.update(refund.id, { metadata: { ticket: String(index) } });
      }
    }
  };
  const events = async () => {
    const all: Delivered[] = [];
    for (const [accountId, { stripe }] of merchants) {
      const listed = stripe.events.list({ limit: 100 });
      for await (const event of listed) all.push({ event, body: deliveryOf(event, accountId) });
    }
    return all.reverse();
  };
  const types = new Set(eventMix.map(({ type }) => type));
  const templates = async () =>
    (await events())
      .filter(({ event }) => types.has(event.type))
      // What is cut is looked at as text; the objects of these types have an id.
      .map(({ event, body }) => cutEvent(event as Parameters<typeof cutEvent>[0], body));
  return { sandbox, apps, merchants: [...merchants.values()], refundCharges, events, templates };
}

const products = ["Advanced Types", "Generics in Practice", "Compiler Internals", "Layout Masterclass"];

async function sell(sandbox: Sandbox, account: string, index: number): Promise<Stripe.Charge> {
  const customer = `customer-${index}`;
  const charge = await sandbox.admin.createCharge({
    account,
    amount: 4_900 + (index % 50) * 100,
    currency: "eur",
    description: "Course",
    customer_email: `${customer}@example.com`,
    customer_name: customer,
    metadata: { order_number: `R-${100_000 + index}`, product_name: products[index % products.length] ?? "" },
  });
  return charge as Stripe.Charge;
}

/** The body of a delivery to a Connect endpoint: with `account`, and pretty-printed (Stripe: Connect webhooks). */
function deliveryOf(event: Stripe.Event, account: string): string {
  const { id, object, ...rest } = event;
  return JSON.stringify({ id, object, account, ...rest }, null, 2);
}
