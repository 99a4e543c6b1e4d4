import { createServer } from "node:http";
import { runMigrations, StripeSync } from "@supabase/stripe-sync-engine";
import { readBody } from "./read-body.ts";
import { tellPort } from "./tell-port.ts";

/**
 * `@supabase/stripe-sync-engine` as its README sets it up: `processWebhook` behind a server, ten connections,
 * nothing fetched again from Stripe. It keeps objects (one upsert an event), not events. `node:http` in front
 * of it costs less than the Fastify of its own Docker image.
 * Environment: `DATABASE_URL`, `WEBHOOK_SECRET`.
 */
const { DATABASE_URL = "", WEBHOOK_SECRET = "" } = process.env;
await runMigrations({ databaseUrl: DATABASE_URL, schema: "stripe" });
const sync = new StripeSync({
  poolConfig: { connectionString: DATABASE_URL, max: 10 },
  stripeSecretKey: "sk_test_unused",
  stripeWebhookSecret: WEBHOOK_SECRET,
});

const server = createServer(async (request, response) => {
  const payload = await readBody(request);
  const signature = request.headers["stripe-signature"];
  let status = 200;
  try {
    await sync.processWebhook(payload, typeof signature === "string" ? signature : undefined);
  } catch {
    status = 400;
  }
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": 2 }).end("{}");
});
tellPort(server);
