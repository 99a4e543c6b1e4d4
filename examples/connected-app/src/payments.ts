import Stripe from "stripe";
import type { Order } from "./orders.ts";

/** A client for the shop's own Stripe account; `apiOrigin` points it at a local Stripe. */
export function connectStripe(secretKey: string, apiOrigin?: string): Stripe {
  if (apiOrigin === undefined) return new Stripe(secretKey);
  const { hostname, port, protocol } = new URL(apiOrigin);
  return new Stripe(secretKey, {
    host: hostname,
    port,
    protocol: protocol === "https:" ? "https" : "http",
    telemetry: false,
  });
}

/** The order that a paid charge stands for, or null for a charge that bought no course. */
function orderOf(charge: Stripe.Charge): Order | null {
  const email = charge.billing_details.email ?? charge.metadata.customer_email ?? charge.receipt_email;
  if (!email || charge.status !== "succeeded") return null;
  return {
    chargeId: charge.id,
    paymentIntentId: typeof charge.payment_intent === "string" ? charge.payment_intent : null,
    orderNumber: charge.metadata.order_number ?? charge.id,
    email,
    name: charge.billing_details.name ?? email,
    course: charge.metadata.product ?? charge.description ?? "Course",
    amount: charge.amount,
    currency: charge.currency,
    boughtAt: new Date(charge.created * 1000).toISOString(),
    access: charge.amount_refunded < charge.amount,
    accessReason: null,
    sequence: 0,
    reported: false,
  };
}

/** All paid charges of the shop's account as orders: how a shop gets its books back. */
export async function listOrders(stripe: Stripe): Promise<Order[]> {
  const orders: Order[] = [];
  for await (const charge of stripe.charges.list({ limit: 100 })) {
    const order = orderOf(charge);
    if (order !== null) orders.push(order);
  }
  return orders;
}

export interface Sale {
  email: string;
  name: string;
  course: string;
  amount: number;
  currency: string;
  orderNumber: string;
  /** A payment method of Stripe's test mode, e.g. `pm_card_visa`. */
  paymentMethod?: string | undefined;
}

/** Sells one course: a confirmed PaymentIntent on the shop's account. @throws Stripe errors as they come */
export async function sell(stripe: Stripe, sale: Sale): Promise<Order> {
  const intent = await stripe.paymentIntents.create(
    {
      amount: sale.amount,
      currency: sale.currency,
      confirm: true,
      payment_method: sale.paymentMethod ?? "pm_card_visa",
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      receipt_email: sale.email,
      description: sale.course,
      metadata: {
        order_number: sale.orderNumber,
        product: sale.course,
        customer_email: sale.email,
        customer_name: sale.name,
      },
      expand: ["latest_charge"],
    },
    { idempotencyKey: `order:${sale.orderNumber}` },
  );
  const charge = intent.latest_charge;
  const order = charge !== null && typeof charge === "object" ? orderOf(charge) : null;
  if (order === null) throw new Error(`Payment ${intent.id} is ${intent.status}: the course is not sold.`);
  return { ...order, email: sale.email, name: sale.name };
}
