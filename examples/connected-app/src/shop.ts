import {
  type Answer,
  type Client,
  createClient,
  type HandlerOptions,
  type Message,
  ReportError,
} from "@redress/sdk";
import { createHonoHandler } from "@redress/sdk/hono";
import { Hono } from "hono";
import { z } from "zod";
import { type Orders, openOrders } from "./orders.ts";
import { customerPage, frontPage } from "./pages.ts";
import { connectStripe, listOrders, sell } from "./payments.ts";

export interface ShopOptions {
  name: string;
  /** The key of the shop's own Stripe account. */
  stripeSecretKey: string;
  stripeApiOrigin?: string;
  redressUrl: string;
  /** The shop's slug in Redress. */
  redressApp: string;
  /** The notification secret shown there once; with the one before it, after a comma, while it is replaced. */
  redressSecret: string;
  /** Where orders are kept; in memory when absent. */
  ordersFile?: string;
}

const saleSchema = z.object({
  email: z.email(),
  name: z.string().min(1),
  course: z.string().min(1),
  amount: z.coerce.number().int().positive(),
  currency: z.string().length(3),
  orderNumber: z.string().min(1),
  paymentMethod: z.string().optional(),
});

export interface Shop {
  readonly routes: Hono;
  /** Tells Redress of orders that it has not taken yet; it can only once Stripe has told it of the charge. */
  reportOrders(): Promise<void>;
}

/** A small shop of online courses: sells, reports each sale to Redress, and opens or closes courses as told. */
export async function createShop(options: ShopOptions): Promise<Shop> {
  const orders = await openOrders(options.ordersFile);
  const stripe = connectStripe(options.stripeSecretKey, options.stripeApiOrigin);
  if (orders.all().length === 0) await orders.add(await listOrders(stripe));

  const secrets = options.redressSecret.split(",");
  const redress = createClient({
    redressUrl: options.redressUrl,
    app: options.redressApp,
    secret: secrets[0] ?? "",
  });

  const routes = new Hono();
  routes.get("/", (c) => c.html(frontPage(options.name, orders.all())));
  routes.get("/customers/:email", (c) => {
    const email = c.req.param("email");
    const owned = orders.ofCustomer(email);
    return c.html(customerPage(options.name, email, owned), owned.length === 0 ? 404 : 200);
  });
  routes.get("/api/customers/:email", (c) => c.json({ orders: orders.ofCustomer(c.req.param("email")) }));
  routes.post("/redress", createHonoHandler({ secrets, ...access(orders) }));
  routes.post("/buy", async (c) => {
    const sale = saleSchema.safeParse(await c.req.json().catch(() => null));
    if (!sale.success) return c.json({ error: "invalid_sale", message: z.prettifyError(sale.error) }, 400);
    const order = await sell(stripe, sale.data);
    await orders.add([order]);
    return c.json({ order }, 201);
  });
  return { routes, reportOrders: () => reportOrders(orders, redress) };
}

/** What the shop does when Redress tells it of a refund. */
function access(orders: Orders): Omit<HandlerOptions, "secrets"> {
  async function change(
    { purchase, sequence }: Message,
    open: boolean,
    accessReason: string,
  ): Promise<Answer> {
    const changed = await orders.change(purchase.stripe_charge_id, { access: open, accessReason, sequence });
    return changed ? { status: "done" } : { status: "declined", reason: "This shop knows no such order." };
  }
  return {
    sequences: {
      read: async (purchase) => orders.byCharge(purchase.stripe_charge_id)?.sequence,
      write: async (purchase, sequence) => {
        await orders.change(purchase.stripe_charge_id, { sequence });
      },
    },
    revokeAccess: (message) => change(message, false, "Your purchase was refunded."),
    restoreAccess: (message) =>
      change(message, true, "Your refund did not go through, so the course is open again."),
  };
}

async function reportOrders(orders: Orders, redress: Client): Promise<void> {
  for (const order of orders.all().filter(({ reported }) => !reported)) {
    try {
      await redress.reportPurchase({
        stripeChargeId: order.chargeId,
        productName: order.course,
        orderNumber: order.orderNumber,
        customerEmail: order.email,
        customerName: order.name,
      });
      await orders.change(order.chargeId, { reported: true });
    } catch (error) {
      // Redress has not seen this charge yet: the next round tells it. Anything else concerns every order.
      if (!(error instanceof ReportError)) throw error;
      if (error.code !== "purchase_not_found") return;
    }
  }
}
