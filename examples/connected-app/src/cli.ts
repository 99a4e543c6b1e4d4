import { z } from "zod";
import { startShop } from "./server.ts";

const environment = z.object({
  PORT: z.coerce.number().int().default(4100),
  SHOP_NAME: z.string().default("Type School"),
  STRIPE_SECRET_KEY: z.string("STRIPE_SECRET_KEY: the secret key of the shop's own Stripe account."),
  STRIPE_API_ORIGIN: z.url().optional(),
  REDRESS_URL: z.url("REDRESS_URL: where Redress runs."),
  REDRESS_APP: z.string("REDRESS_APP: the shop's slug in Redress."),
  REDRESS_SECRET: z.string("REDRESS_SECRET: the notification secret that Redress showed once."),
  ORDERS_FILE: z.string().default(".redress/shop-orders.json"),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) {
  console.error(z.prettifyError(parsed.error));
  process.exit(1);
}
const { data } = parsed;
const shop = await startShop({
  name: data.SHOP_NAME,
  port: data.PORT,
  stripeSecretKey: data.STRIPE_SECRET_KEY,
  ...(data.STRIPE_API_ORIGIN === undefined ? {} : { stripeApiOrigin: data.STRIPE_API_ORIGIN }),
  redressUrl: data.REDRESS_URL,
  redressApp: data.REDRESS_APP,
  redressSecret: data.REDRESS_SECRET,
  ordersFile: data.ORDERS_FILE,
  onReportError: (error) => console.error("Redress could not be told of an order:", error),
});
console.log(`${data.SHOP_NAME} is open at ${shop.url}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void shop.close());
