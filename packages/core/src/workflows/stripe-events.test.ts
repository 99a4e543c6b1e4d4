import { apps, auditLogs, notifications, outboxMessages, purchases, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import fc from "fast-check";
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { maximumSends } from "../outbox/take-due.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { stripeApiVersion } from "../stripe/client.ts";
import { testRequester } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { replayEvent } from "../webhooks/replay-event.ts";
import { sweep } from "./sweep.ts";

// W2 to W4 and invariant 5: whatever the order, repetition or loss of events, the desk ends in one state.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
const actor = systemActor("test");

beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});
afterAll(() => harness.close());

const forRefunds = (event: Stripe.Event) =>
  event.type.startsWith("refund.") || event.type.startsWith("charge.refund");

/** Events about one charge, oldest first. */
async function eventsOf({ chargeId, accountId }: Pick<TestPurchase, "chargeId" | "accountId">) {
  const all = await desk.eventsOf(accountId);
  return all.filter((event) => JSON.stringify(event.data.object).includes(chargeId));
}

/** What is left of a purchase's history; ids, times and correlation aside. */
async function stateOf(purchase: TestPurchase) {
  const { database } = desk.dependencies;
  const rows = await database.select().from(refunds).where(eq(refunds.purchaseId, purchase.id));
  const told = await database.select().from(notifications).where(eq(notifications.purchaseId, purchase.id));
  const log = await database.select().from(auditLogs).where(eq(auditLogs.purchaseId, purchase.id));
  const [bought] = await database.select().from(purchases).where(eq(purchases.id, purchase.id));
  return {
    refunds: rows
      .map(({ stripeRefundId, status, amount }) => ({ stripeRefundId, status, amount }))
      .sort(byId),
    access: bought?.access,
    lastSequence: bought?.lastSequence,
    told: told.map(({ type }) => type).sort(),
    audit: log.length,
    rows: rows.length,
  };
}
const byId = (a: { stripeRefundId: string | null }, b: { stripeRefundId: string | null }) =>
  (a.stripeRefundId ?? "") < (b.stripeRefundId ?? "") ? -1 : 1;

async function deliverAll(events: readonly object[]): Promise<void> {
  for (const event of events) {
    expect((await desk.deliver(event)).status).toBe(200);
    await desk.work();
  }
}

async function merchantRefundsOnce({ chargeId, accountId }: TestPurchase, amount: number): Promise<void> {
  await desk.dependencies.stripe.refunds.create({ charge: chargeId, amount }, { stripeAccount: accountId });
}

/** Refunds in the merchant's own Dashboard: one partial that fails later, and one of the rest. */
async function merchantRefunds(purchase: TestPurchase): Promise<void> {
  const { stripe } = desk.dependencies;
  const options = { stripeAccount: purchase.accountId };
  const partial = await stripe.refunds.create({ charge: purchase.chargeId, amount: 3_000 }, options);
  await harness.sandbox.admin.advanceRefund(partial.id, { account: purchase.accountId, status: "failed" });
  await stripe.refunds.create({ charge: purchase.chargeId, amount: 7_000 }, options);
}

describe("handle-stripe-refund", () => {
  test("confirms our refund once, with purchase, Stripe's refund and source, whoever came first", async () => {
    for (const answerFirst of [true, false]) {
      const purchase = await harness.purchase({ app });
      const { id: refundId } = await requestRefund(desk.dependencies, {
        requester: testRequester,
        purchaseId: purchase.id,
        correlationId: "cor_1",
      });
      if (!answerFirst)
        await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
      await executeRefund(desk.dependencies, { refundId, correlationId: "cor_1" });
      const events = (await eventsOf(purchase)).filter(forRefunds);
      expect(events.map(({ type }) => type).sort()).toEqual(["charge.refunded", "refund.created"]);
      await deliverAll([...events, ...events]);
      const [made] = await harness.stripeRefunds(purchase);
      expect(await stateOf(purchase)).toMatchObject({
        refunds: [{ stripeRefundId: made?.id, status: "succeeded", amount: 10_000 }],
        told: ["refund.succeeded"],
        access: "revoke_told",
      });
      const confirmed = await desk.dependencies.database
        .select()
        .from(auditLogs)
        .where(and(eq(auditLogs.action, "refund_confirmed"), eq(auditLogs.refundId, refundId)));
      const byWebhook = confirmed.filter(({ details }) => details.source === "stripe_webhook");
      expect(byWebhook).toMatchObject([
        { purchaseId: purchase.id, details: { stripeRefundId: made?.id, source: "stripe_webhook" } },
      ]);
    }
  });

  test("charge.refunded has Stripe asked for the charge's refunds only where the books differ", async () => {
    const purchase = await harness.purchase({ app });
    const asked = async () =>
      (await harness.sandbox.admin.ledger()).requests.filter(
        ({ method, path }) => method === "GET" && path === "/v1/refunds",
      ).length;
    let number = 0;
    const deliver = async () => {
      const news = (await eventsOf(purchase)).filter(({ type }) => type === "charge.refunded");
      number += 1;
      await deliverAll(news.slice(0, 1).map((event) => ({ ...event, id: `${event.id}_${number}` })));
    };
    await merchantRefundsOnce(purchase, 2_000);
    const before = await asked();
    await deliver();
    expect((await stateOf(purchase)).refunds).toMatchObject([{ amount: 2_000, status: "succeeded" }]);
    expect(await asked()).toBe(before + 1);
    await deliver();
    expect(await asked()).toBe(before + 1);
    // That sum says nothing about a call of ours whose answer was lost: what became of it is asked.
    const [earlier] = (await eventsOf(purchase)).filter(({ type }) => type === "charge.refunded");
    const asking = {
      purchaseId: purchase.id,
      amount: { amount: 1_000, currency: "eur" },
      requester: testRequester,
      correlationId: "cor_1",
    };
    const { id: refundId } = await requestRefund(desk.dependencies, asking);
    await harness.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
    await executeRefund(desk.dependencies, { refundId, correlationId: "cor_1" });
    await deliverAll([{ ...earlier, id: "evt_earlier" }]);
    expect(await asked()).toBe(before + 2);
    expect((await stateOf(purchase)).refunds).toMatchObject([
      { status: "succeeded" },
      { status: "succeeded" },
    ]);
  });

  test("any order, repetition and replay of the same events ends in the same state", async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.nat(3), async (choices, copies) => {
        const purchase = await harness.purchase({ app });
        await merchantRefunds(purchase);
        const events = (await eventsOf(purchase)).filter(forRefunds);
        const deliveries = shuffle([...events, ...events.slice(0, copies)], choices);
        await deliverAll(deliveries);
        const made = await harness.stripeRefunds(purchase);
        const state = await stateOf(purchase);
        const expected = made.map(({ id, status, amount }) => ({ stripeRefundId: id, status, amount }));
        expect(state.refunds).toEqual(expected.sort(byId));
        // 7,000 of 10,000 are returned: nothing to revoke, or it was given back.
        expect(["granted", "restore_told"]).toContain(state.access);

        await deliverAll(events);
        const [first] = events;
        if (first)
          await replayEvent(desk.dependencies, { eventId: first.id, actor, correlationId: "cor_replay" });
        await desk.work();
        expect(await stateOf(purchase)).toEqual(state);
      }),
      { seed: 10, numRuns: 12 },
    );
  });

  test("a refund of a charge that the desk has not seen brings the charge in", async () => {
    const charge = await harness.sandbox.admin.createCharge({
      account: app.accountId,
      amount: 2_500,
      currency: "eur",
      silent: true,
    });
    await desk.dependencies.stripe.refunds.create({ charge: charge.id }, { stripeAccount: app.accountId });
    const unseen = { chargeId: charge.id, accountId: app.accountId };
    await deliverAll((await eventsOf(unseen)).filter(({ type }) => type === "refund.created"));
    const [row] = await desk.dependencies.database
      .select()
      .from(refunds)
      .where(eq(refunds.stripeChargeId, charge.id));
    expect(row).toMatchObject({ status: "succeeded", origin: "stripe", amount: 2_500 });
  });

  // What names the request only helps to tell whose refund it is; without it the event is handled all the same.
  test.each([
    ["of an old API version", { request: "req_old" }],
    ["with a reason that is not known", { reason: "because", request: { idempotency_key: 7 } }],
  ])("an event %s settles its refund", async (_, odd) => {
    const purchase = await harness.purchase({ app });
    await desk.dependencies.stripe.refunds.create(
      { charge: purchase.chargeId },
      { stripeAccount: app.accountId },
    );
    const created = (await eventsOf(purchase)).filter(({ type }) => type === "refund.created");
    await deliverAll(created.map((event) => ({ ...event, ...odd })));
    expect(created).toHaveLength(1);
    expect(await desk.inbox(created[0]?.id ?? "")).toMatchObject({ status: "handled" });
    expect(await stateOf(purchase)).toMatchObject({ refunds: [{ status: "succeeded", amount: 10_000 }] });
  });

  test.each([
    ["unknown_charge", () => app.accountId],
    ["unknown_account", () => "acct_of_nobody"],
  ])("%s: recorded once, the event labelled, nothing crashes", async (label, account) => {
    for (const type of ["refund.created", "charge.refunded"]) {
      const object =
        type === "charge.refunded"
          ? { id: "ch_unknown", object: "charge", amount_refunded: 500 }
          : {
              id: "re_unknown",
              object: "refund",
              charge: "ch_unknown",
              amount: 500,
              currency: "eur",
              created: 1,
              status: "succeeded",
            };
      const event = eventWith({ id: `evt_${label}_${type}`, type, account: account(), object });
      await deliverAll([event, event]);
      expect(await desk.inbox(event.id)).toMatchObject({ status: "handled", labels: [label] });
      const log = await desk.dependencies.database
        .select()
        .from(auditLogs)
        .where(eq(auditLogs.correlationId, event.id));
      expect(log).toMatchObject([
        {
          action: "refund_charge_unknown",
          details: { stripeChargeId: "ch_unknown", stripeAccountId: account() },
        },
      ]);
    }
  });

  test("when the account cannot be asked any more, believes what is final, and no news of what may be past", async () => {
    const own = await harness.app({});
    const purchase = await harness.purchase({ app: own, paymentMethod: "pm_card_pendingRefund" });
    const options = { stripeAccount: own.accountId };
    const pending = await desk.dependencies.stripe.refunds.create({ charge: purchase.chargeId }, options);
    expect(pending.status).toBe("pending");
    await deliverAll((await eventsOf(purchase)).filter(forRefunds));
    await harness.sandbox.admin.revokeAccount(own.accountId);
    await desk.dependencies.database.update(apps).set(disconnected).where(eq(apps.id, own.id));
    for (const [status, shown] of [
      ["requires_action", "pending"],
      ["succeeded", "succeeded"],
    ]) {
      const object = { ...pending, status };
      const id = `evt_after_loss_${status}`;
      await deliverAll([eventWith({ id, type: "refund.updated", account: own.accountId, object })]);
      expect(await stateOf(purchase)).toMatchObject({ refunds: [{ status: shown }] });
      expect(await desk.inbox(id)).toMatchObject({ status: "handled" });
    }
  });
});

const disconnected = {
  stripeAccountId: null,
  stripeLivemode: null,
  stripeScope: null,
  connectedAt: null,
  connectedBy: null,
};

describe("an engine that loses what it acknowledged", () => {
  test("gets the message again after the grace period, and its effect happens once", async () => {
    const lost: string[] = [];
    const forgetful = createEventDesk(harness, {
      loses: (message) => {
        if (lost.includes(message.id)) return false;
        lost.push(message.id);
        return true;
      },
    });
    const purchase = await harness.purchase({ app });
    await merchantRefunds(purchase);
    const events = (await eventsOf(purchase)).filter(forRefunds);
    for (const event of events) await forgetful.deliver(event);
    await forgetful.work();
    expect(await stateOf(purchase)).toMatchObject({ rows: 0 });
    expect(lost).toHaveLength(events.length);
    await harness.advance(29_000);
    await forgetful.work();
    expect(await stateOf(purchase)).toMatchObject({ rows: 0 });
    await harness.advance(1_000);
    await forgetful.work();
    expect(await stateOf(purchase)).toMatchObject({ rows: 2 });
    const state = await stateOf(purchase);
    await harness.advance(24 * 3_600_000);
    await forgetful.work();
    expect(await stateOf(purchase)).toEqual(state);
  });

  test("and a message that fails each time ends as a dead letter, visible, and can be replayed", async () => {
    const event = eventWith({
      id: "evt_broken",
      type: "charge.dispute.created",
      account: app.accountId,
      object: { id: "du_1" },
    });
    await deliverAll([event]);
    const { database } = desk.dependencies;
    const message = async () => {
      const [row] = await database
        .select()
        .from(outboxMessages)
        .where(eq(outboxMessages.factKey, `stripe-event:${event.id}`));
      return row;
    };
    expect(await desk.inbox(event.id)).toMatchObject({ status: "failed", attemptCount: 1 });
    for (let send = 0; send <= maximumSends; send += 1) {
      await harness.advance(3_600_000);
      await desk.work();
    }
    expect(await desk.inbox(event.id)).toMatchObject({ status: "failed", attemptCount: maximumSends });
    expect(await message()).toMatchObject({ sendAt: null, completedAt: null, sendCount: maximumSends });
    expect((await message())?.deadAt).not.toBeNull();
    await sweep(desk.dependencies);
    expect(await message()).toMatchObject({ sendAt: null });
    await replayEvent(desk.dependencies, { eventId: event.id, actor, correlationId: "cor_9" });
    expect(await message()).toMatchObject({ sendCount: 0, deadAt: null });
    await desk.work();
    expect(await desk.inbox(event.id)).toMatchObject({ attemptCount: maximumSends + 1 });
  });
});

describe("disputes", () => {
  async function dispute(purchase: TestPurchase): Promise<string> {
    const raised = await harness.sandbox.admin.createDispute({
      account: purchase.accountId,
      charge: purchase.chargeId,
    });
    return raised.id;
  }
  async function purchaseRow({ id }: TestPurchase) {
    const [row] = await desk.dependencies.database.select().from(purchases).where(eq(purchases.id, id));
    return row;
  }
  const ofDisputes = (event: Stripe.Event) => event.type.startsWith("charge.dispute.");

  test.each([
    ["won", false, "succeeded"],
    ["lost", true, "refused"],
  ] as const)(
    "one that is %s: refunds wait for it and then go on, or end",
    async (status, blocked, outcome) => {
      const purchase = await harness.purchase({ app });
      const { id: refundId } = await requestRefund(desk.dependencies, {
        requester: testRequester,
        purchaseId: purchase.id,
        correlationId: "cor_1",
      });
      const disputeId = await dispute(purchase);
      await deliverAll((await eventsOf(purchase)).filter(ofDisputes));
      expect(await purchaseRow(purchase)).toMatchObject({ refundsBlockedByDispute: true });
      await executeRefund(desk.dependencies, { refundId, correlationId: "cor_1" });
      expect(await stateOf(purchase)).toMatchObject({ refunds: [{ status: "blocked" }] });

      await harness.sandbox.admin.closeDispute(disputeId, { account: purchase.accountId, status });
      // The late news of the beginning must not open it again.
      const events = (await eventsOf(purchase)).filter(ofDisputes);
      await deliverAll([...events].reverse());
      await harness.advance(1_000);
      await desk.work();
      expect(await purchaseRow(purchase)).toMatchObject({
        disputeStatus: status,
        refundsBlockedByDispute: blocked,
      });
      expect(await stateOf(purchase)).toMatchObject({ refunds: [{ status: outcome }] });
    },
  );

  test("an early fraud warning is written into the log, once", async () => {
    const purchase = await harness.purchase({ app });
    await harness.sandbox.admin.createEarlyFraudWarning({
      account: purchase.accountId,
      charge: purchase.chargeId,
    });
    const events = (await eventsOf(purchase)).filter(
      ({ type }) => type === "radar.early_fraud_warning.created",
    );
    await deliverAll([...events, ...events]);
    const log = await desk.dependencies.database
      .select()
      .from(auditLogs)
      .where(and(eq(auditLogs.action, "early_fraud_warning"), eq(auditLogs.purchaseId, purchase.id)));
    expect(log).toMatchObject([{ details: { actionable: true } }]);
  });
});

describe("accounts and charges", () => {
  test("a charge that took money becomes a purchase; on an account of nobody it is ignored", async () => {
    const charge = await harness.sandbox.admin.createCharge({
      account: app.accountId,
      amount: 900,
      currency: "eur",
    });
    const event = { chargeId: charge.id, accountId: app.accountId };
    const events = (await eventsOf(event)).filter(({ type }) => type === "charge.succeeded");
    await deliverAll([...events, ...events]);
    const rows = await desk.dependencies.database
      .select()
      .from(purchases)
      .where(eq(purchases.stripeChargeId, charge.id));
    expect(rows).toMatchObject([{ amountCaptured: 900, appId: app.id }]);
    const stray = eventWith({
      id: "evt_stray",
      type: "charge.succeeded",
      account: "acct_of_nobody",
      object: { ...charge },
    });
    await deliverAll([stray]);
    expect(await desk.inbox(stray.id)).toMatchObject({ status: "ignored", labels: ["unknown_account"] });
  });

  test("a merchant who disconnects at Stripe is disconnected here, by the account that the event names", async () => {
    const own = await harness.app({});
    await harness.advance(10 * 60_000);
    await harness.sandbox.admin.revokeAccount(own.accountId);
    const object = { id: "ca_1", object: "application", name: "Redress" };
    const created = Math.floor(harness.clock.now().getTime() / 1000);
    const event = eventWith({
      id: "evt_gone",
      type: "account.application.deauthorized",
      account: own.accountId,
      object,
      created,
    });
    await deliverAll([event, event]);
    const [row] = await desk.dependencies.database.select().from(apps).where(eq(apps.id, own.id));
    expect(row).toMatchObject({ stripeAccountId: null });
    expect(row?.disconnectedAt).not.toBeNull();
  });

  test("what happens on the platform's own account is not ours to handle", async () => {
    const object = { id: "re_own", object: "refund", charge: "ch_own" };
    const { account: _, ...event } = eventWith({
      id: "evt_own",
      type: "refund.created",
      account: "",
      object,
    });
    await deliverAll([event]);
    expect(await desk.inbox("evt_own")).toMatchObject({ status: "ignored", labels: ["platform_account"] });
  });
});

function eventWith(facts: { id: string; type: string; account: string; object: object; created?: number }) {
  const { object, created = 1, ...rest } = facts;
  return {
    object: "event",
    api_version: stripeApiVersion,
    livemode: false,
    created,
    data: { object },
    ...rest,
  };
}

function shuffle<Item>(items: readonly Item[], choices: Iterable<number>): Item[] {
  const left = [...items];
  const order: Item[] = [];
  for (const choice of choices) {
    if (left.length === 0) break;
    order.push(...left.splice(choice % left.length, 1));
  }
  return order;
}
