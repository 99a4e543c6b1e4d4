import { createServer } from "node:http";
import pg from "pg";
import Stripe from "stripe";
import { readBody } from "./read-body.ts";
import { tellPort } from "./tell-port.ts";

/**
 * The raw bound: what any receiver of webhooks has to do at least. Signature, one committed INSERT, 200.
 * Environment: `DATABASE_URL`, `WEBHOOK_SECRET`, `POOL` (connections to the database).
 */
const { DATABASE_URL, WEBHOOK_SECRET = "", POOL = "10" } = process.env;
const stripe = new Stripe("sk_test_unused");
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
pool.on("error", () => {});

// Prepared once per connection: the bound is to be hard to beat.
const name = "insert";
const text = `insert into events (id, type, account_id, payload) values ($1, $2, $3, $4) on conflict do nothing`;

const server = createServer(async (request, response) => {
  const payload = await readBody(request);
  let status = 200;
  try {
    const signature = request.headers["stripe-signature"] ?? "";
    const event = stripe.webhooks.constructEvent(payload, signature, WEBHOOK_SECRET);
    const values = [event.id, event.type, event.account ?? null, payload.toString()];
    await pool.query({ name, text, values }).catch(() => {
      status = 503;
    });
  } catch {
    status = 400;
  }
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": 2 }).end("{}");
});
tellPort(server);
