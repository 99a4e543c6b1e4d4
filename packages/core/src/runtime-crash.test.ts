import { auditLogs, outboxMessages, purchases, refunds, stripeEvents } from "@redress/database";
import { eq, isNull, ne } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { verifyAudit } from "./audit/verify-audit.ts";
import { connectSecret, createEventDesk } from "./testing/event-desk.ts";
import { type Harness, startHarness } from "./testing/harness.ts";
import { startProcess } from "./testing/start-process.ts";

// W2: what was acknowledged to Stripe is never lost, also when the process dies right after saying so.
const kills: (() => Promise<unknown>)[] = [];
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await Promise.all(kills.map((kill) => kill()));
  await harness.close();
});

test("a process killed while it takes webhooks: the next one handles all that was acknowledged, once", async () => {
  const app = await harness.app();
  const charges = await Promise.all(
    Array.from({ length: 20 }, () =>
      harness.sandbox.admin.createCharge({ account: app.accountId, amount: 1_000, currency: "eur" }),
    ),
  );
  const { stripe, database } = harness.dependencies;
  for (const { id: charge } of charges) {
    await stripe.refunds.create({ charge }, { stripeAccount: app.accountId });
  }
  const wanted = /^(charge\.succeeded|refund\.created|charge\.refunded)$/;
  const desk = createEventDesk(harness);
  const events = (await desk.eventsOf(app.accountId)).filter(({ type }) => wanted.test(type));
  expect(events).toHaveLength(60);

  const first = await startProcess(harness);
  kills.push(first.kill);
  const acknowledged: string[] = [];
  const post = async (event: { id: string }) => {
    const payload = JSON.stringify(event);
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: connectSecret });
    const headers = { "stripe-signature": signature };
    const answer = await fetch(first.url, { method: "POST", body: payload, headers }).catch(() => null);
    if (answer?.status === 200) acknowledged.push(event.id);
    if (acknowledged.length === 45) await first.kill();
  };
  await Promise.all(events.map(post));
  expect(acknowledged.length).toBeGreaterThanOrEqual(45);
  const before = await database
    .select({ id: stripeEvents.id, status: stripeEvents.status })
    .from(stripeEvents);
  expect(before.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
  expect(before.filter(({ status }) => status === "received")).not.toEqual([]);

  // Past the grace period of what the first process was about to do.
  kills.push((await startProcess(harness, { CLOCK_OFFSET_MS: "40000" })).kill);
  await vi.waitFor(
    async () => {
      const open = await database.select().from(stripeEvents).where(ne(stripeEvents.status, "handled"));
      expect(open).toEqual([]);
      const queued = await database.select().from(outboxMessages).where(isNull(outboxMessages.completedAt));
      expect(queued).toEqual([]);
      expect(await verifyAudit({ database })).toMatchObject({ valid: true, unsealed: 0 });
    },
    { timeout: 20_000, interval: 100 },
  );
  const known = events.filter(({ id }) => before.some((event) => event.id === id));
  const chargesKnown = new Set(known.map(({ data }) => chargeOf(data.object)));
  const bought = await database.select().from(purchases);
  expect(new Set(bought.map(({ stripeChargeId }) => stripeChargeId))).toEqual(chargesKnown);
  const refunded = new Set(
    known.filter(({ type }) => type !== "charge.succeeded").map(({ data }) => chargeOf(data.object)),
  );
  const rows = await database.select().from(refunds);
  expect(rows.map(({ stripeChargeId }) => stripeChargeId).sort()).toEqual([...refunded].sort());
  const taken = await database.select().from(auditLogs).where(eq(auditLogs.action, "refund_taken_in"));
  expect(taken).toHaveLength(refunded.size);
}, 60_000);

function chargeOf(object: object): string {
  if ("charge" in object && typeof object.charge === "string") return object.charge;
  return "id" in object ? String(object.id) : "";
}
