import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Receiver, startReceiver } from "@redress/core/testing/receiver";
import { apps, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// One refund through the desk as `npm start` runs it, with its worker: its spans and its counts, and nobody's data in them.
const attributeValue = z.object({ stringValue: z.string().optional(), intValue: z.number().optional() });
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: attributeValue })),
});
const exportSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});
type Span = z.infer<typeof spanSchema>;

const token = "a-token-for-tests-that-is-long";
const bodies: string[] = [];
let collector: Server;
let sandbox: Sandbox;
let app: Receiver;
let desk: Awaited<ReturnType<typeof startDesk>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  collector = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const address = collector.address();
  const port = typeof address === "object" ? address?.port : undefined;
  app = await startReceiver();
  sandbox = await startSandbox();
  const env = {
    PATH: process.env.PATH ?? "",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    REDRESS_METRICS_TOKEN: token,
  };
  desk = await startDesk(sandbox, { env, workerProcess: true });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await app?.close();
  await sandbox?.close();
  collector?.close();
});

const scrape = async () =>
  (await desk.client().send("GET", "/metrics", undefined, { headers: { authorization: `Bearer ${token}` } }))
    .text;

test("a refund is one trace from the click to the app, and counted in each process", async () => {
  const shop = await connectedApp("shop");
  const admin = await desk.operator("admin");
  const { database } = desk.dependencies;
  await database.update(apps).set({ notificationUrl: app.url }).where(eq(apps.id, shop.id));
  const agent = await desk.operator("agent", "shop");
  const { purchaseId } = shop;
  const asked = await agent.client.post("/api/v1/refunds", { purchaseId });
  expect(asked.status, asked.text).toBe(201);
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  const { id } = refund;
  const approved = await admin.client.post(`/api/v1/refunds/${id}/approve`, {});
  expect(approved.status, approved.text).toBe(200);
  await vi.waitFor(
    async () => {
      const [row] = await database.select().from(refunds).where(eq(refunds.id, id));
      expect([row?.status, app.messages.length]).toEqual(["succeeded", 1]);
    },
    { timeout: 60_000 },
  );
  await vi.waitFor(async () => {
    const text = await scrape();
    expect(text).toMatch(
      /redress_stripe_call_seconds_count\{process="worker",operation="POST \/v1\/refunds",outcome="ok"\} 1/,
    );
    expect(text).toMatch(/redress_notification_delivery_seconds_count\{process="worker",outcome="2xx"\} 1/);
    expect(text).toMatch(/redress_webhook_answer_seconds_count\{process="web",status="200"\} \d/);
    expect(text).toMatch(/redress_process_resident_bytes\{process="worker"\} \d/);
  }, 30_000);

  // Both processes send what they have when they stop.
  await desk.server.close();
  const spans = bodies.flatMap(spansOf);
  const click = spans.find(({ name }) => name === "POST /api/v1/refunds/{id}/approve");
  const trace = spans.filter(({ traceId }) => traceId === click?.traceId);
  const step = named(trace, "execute-refund execute");
  const call = named(trace, "stripe POST /v1/refunds");
  const told = named(trace, "notify refund.succeeded");
  expect(step.parentSpanId).toBe(click?.spanId);
  expect(call.parentSpanId).toBe(step.spanId);
  expect(told.parentSpanId).toBe(named(trace, "deliver-notification deliver").spanId);
  expect(of(step, "redress.refund_id")).toBe(id);
  expect(of(step, "redress.correlation_id")).toMatch(/^msg_/);
  expect(of(call, "stripe.account")).toMatch(/^acct_/);
  expect(of(call, "stripe.request_id")).toMatch(/^req_/);
  expect(of(call, "redress.idempotency_key_hash")).toMatch(/^[0-9a-f]{16}$/);
  expect(of(told, "redress.refund_id")).toBe(id);

  const webhook = spans.find(
    (span) => of(span, "stripe.event_type") === "refund.created" && span.name === "stripe webhook",
  );
  const handled = spans.filter(({ traceId }) => traceId === webhook?.traceId);
  expect(named(handled, "handle-stripe-refund handle").parentSpanId).toBe(webhook?.spanId);
  expect(bodies.join()).not.toMatch(/@example|Bearer|sk_test|whsec_|refund:pur_|Next/);
});

function spansOf(body: string): Span[] {
  const { resourceSpans } = exportSchema.parse(JSON.parse(body));
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function named(spans: readonly Span[], name: string): Span {
  const found = spans.find((span) => span.name === name);
  if (!found) throw new Error(`no span "${name}" among ${spans.map((span) => span.name).join(", ")}`);
  return found;
}

function of(span: Span, key: string): string | undefined {
  return span.attributes.find((one) => one.key === key)?.value.stringValue;
}
