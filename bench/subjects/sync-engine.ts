import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readBody } from "./read-body.ts";
import { tellPort } from "./tell-port.ts";

/**
 * `@supabase/stripe-sync-engine` as its README sets it up: `processWebhook` behind a server, ten connections,
 * nothing fetched again from Stripe. It keeps objects (one upsert an event), not events. `node:http` in front
 * of it costs less than the Fastify of its own Docker image.
 * Environment: `DATABASE_URL`, `WEBHOOK_SECRET`.
 */
const { DATABASE_URL = "", WEBHOOK_SECRET = "" } = process.env;
const name = "@supabase/stripe-sync-engine";
// Its CommonJS build: the other one does not find its own migrations (0.48.5).
const { runMigrations, StripeSync } = createRequire(import.meta.url)(
  name,
) as typeof import("@supabase/stripe-sync-engine");
await runMigrations({ databaseUrl: DATABASE_URL, schema: "stripe" });
const sync = new StripeSync({
  poolConfig: { connectionString: DATABASE_URL, max: 10 },
  stripeSecretKey: "sk_test_unused",
  stripeWebhookSecret: WEBHOOK_SECRET,
});

let failures = 0;
const server = createServer(async (request, response) => {
  const payload = await readBody(request);
  const signature = request.headers["stripe-signature"];
  let status = 200;
  try {
    await sync.processWebhook(payload, typeof signature === "string" ? signature : undefined);
  } catch (error) {
    status = 400;
    failures += 1;
    if (failures === 1) console.error("The sync engine refused an event:", error);
  }
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": 2 }).end("{}");
});
tellPort(server);
