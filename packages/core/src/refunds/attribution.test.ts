import { apps, auditLogs, refundAttempts, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { asker, driveRun } from "../reconciliation/books.fixture.ts";
import { startAskedRun } from "../reconciliation/start-asked-run.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { type Attempt, beginAttempt } from "./begin-attempt.ts";
import { createAtStripe } from "./create-at-stripe.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { getRefund } from "./get-refund.ts";
import { refundsOfPurchase } from "./list-refunds.ts";
import { lookUpRefund } from "./look-up-refund.ts";
import { refreshRefund } from "./refresh-refund.ts";
import { resolveUnattributed } from "./resolve-unattributed.ts";
import { settleRefund } from "./settle-refund.ts";

// Invariants 1 and 3 under a merchant who edits metadata: the refund that our call made is the one that its
// row holds, whichever is seen first; what cannot be put right is said aloud.
const hour = 60 * 60 * 1000;
const correlationId = "cor_test";
const onCreate = { method: "POST", path: "/v1/refunds" } as const;
const alerts: object[] = [];
let harness: Harness;
let desk: EventDesk;
let app: TestApp;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  harness.dependencies.logger.error = (facts) => void alerts.push(facts);
  // Only what Stripe tells is handled here: our own retry would know the answer by its key.
  desk = createEventDesk(harness, { loses: ({ name }) => name === "refund/execution.due" });
  app = await harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
});
afterEach(async () => {
  await harness.sandbox.admin.clearFaults();
  alerts.length = 0;
});
afterAll(() => harness.close());

const stripeAccount = () => ({ stripeAccount: app.accountId });

/** A refund made by somebody else, perhaps with a copy of our metadata. */
async function elsewhere({ chargeId: charge }: TestPurchase, metadata = {}) {
  return harness.dependencies.stripe.refunds.create({ charge, amount: 4_000, metadata }, stripeAccount());
}

async function relabel(stripeRefundId: string, refundId: string): Promise<void> {
  const metadata = { redress_refund_id: refundId };
  await harness.dependencies.stripe.refunds.update(stripeRefundId, { metadata }, stripeAccount());
}

/** A call that never reached Stripe, or whose answer was lost. */
async function called(fault: "drop_before" | "drop_after", purchase?: TestPurchase) {
  const of = purchase ?? (await harness.purchase({ app, amount: 20_000 }));
  const { id } = await askRefund(harness, of, { amount: 4_000 });
  await harness.sandbox.admin.addFault({ fault, ...onCreate });
  expect(await execute(harness, id)).toBe("again");
  await harness.sandbox.admin.clearFaults();
  return { purchase: of, id };
}

/** By a webhook or a list, which know no key. */
const settle = (stripeRefund: unknown) =>
  settleRefund(harness.dependencies, {
    stripeRefund,
    accountId: app.accountId,
    source: "stripe_webhook",
    correlationId,
    fresh: false,
  });

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

async function misattributions(refundId: string) {
  const { database } = harness.dependencies;
  return database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.refundId, refundId), eq(auditLogs.action, "refund_misattributed")));
}

async function rowsOf({ id }: TestPurchase) {
  const rows = await refundsOfPurchase(harness.dependencies, id);
  return rows.map(({ origin, stripeRefundId }) => [origin, stripeRefundId]);
}

describe("a refund older than our first call", () => {
  test.each(["known before", "not known before"])(
    "%s, is not ours, whatever its metadata says by now: ours is sent",
    async (when) => {
      const purchase = await harness.purchase({ app, amount: 20_000 });
      const older = await elsewhere(purchase);
      if (when === "known before") await settle(older);
      await harness.advance(48 * hour);
      const { id } = await called("drop_before", purchase);
      await relabel(older.id, id);
      await harness.advance(25 * hour);
      const done = await driveRefund(harness, id);
      expect(done.status).toBe("succeeded");
      expect(done.stripeRefundId).not.toBe(older.id);
      expect(await rowsOf(purchase)).toEqual(
        expect.arrayContaining([
          ["stripe", older.id],
          ["redress", done.stripeRefundId],
        ]),
      );
    },
  );

  test("is not ours when a webhook or a list tells of it first", async () => {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const older = await elsewhere(purchase);
    await harness.advance(hour);
    const { id } = await called("drop_before", purchase);
    const { refundId } = await settle({ ...older, metadata: { redress_refund_id: id } });
    expect(refundId).not.toBe(id);
    expect(await row(id)).toMatchObject({ status: "executing", stripeRefundId: null });
  });
});

test("an equal refund that stands in a foreign row ends nothing by its metadata: a person has to look", async () => {
  const { purchase, id } = await called("drop_before");
  const foreign = await elsewhere(purchase);
  await settle(foreign);
  await relabel(foreign.id, id);
  await harness.advance(25 * hour);
  expect(await execute(harness, id)).toBe("stopped");
  expect(await row(id)).toMatchObject({ status: "executing", outcomeUnknown: true, nextAttemptAt: null });
  expect(alerts).toMatchObject([{ alert: "refund_unattributed", stripeRefundId: foreign.id }]);
});

test("an equal refund of another of our rows is neither ours nor a riddle", async () => {
  const { purchase, id } = await called("drop_before");
  const other = await driveRefund(harness, (await askRefund(harness, purchase, { amount: 4_000 })).id);
  await relabel(other.stripeRefundId ?? "", id);
  expect(await lookUpRefund(harness.dependencies, await row(id), correlationId)).toEqual({ kind: "none" });
});

describe("a copy of our metadata on a later refund, seen in a list with ours", () => {
  async function copied() {
    const { purchase, id } = await called("drop_after");
    const [ours] = await harness.stripeRefunds(purchase);
    await harness.advance(2_000);
    const copy = await elsewhere(purchase, { redress_refund_id: id });
    return { purchase, id, ours, copy };
  }

  async function expectOurs({ purchase, id, ours, copy }: Awaited<ReturnType<typeof copied>>) {
    expect(await row(id)).toMatchObject({ status: "succeeded", stripeRefundId: ours?.id });
    expect(await rowsOf(purchase)).toEqual(
      expect.arrayContaining([
        ["redress", ours?.id],
        ["stripe", copy.id],
      ]),
    );
  }

  test.each(["the account", "one refund"])("by a comparison of %s", async (what) => {
    const books = await copied();
    const { database, clock } = harness.dependencies;
    const [found] = await database.select().from(apps).where(eq(apps.id, app.id));
    if (!found) throw new Error("no app");
    const since = new Date(clock.now().getTime() - hour);
    const { runId } = await startAskedRun(harness.dependencies, {
      askedBy: asker,
      app: found,
      ...(what === "one refund" ? { refundId: books.id } : {}),
      since,
    });
    await driveRun(harness, runId);
    await expectOurs(books);
  });

  test("by the news of the charge", async () => {
    const books = await copied();
    const events = await desk.eventsOf(app.accountId);
    const news = events.filter(
      ({ type, data }) =>
        type === "charge.refunded" && JSON.stringify(data.object).includes(books.purchase.chargeId),
    );
    for (const event of news) await desk.deliver(event);
    await desk.work();
    await expectOurs(books);
  });
});

describe("the key under which Stripe says that it was created", () => {
  async function creationOf(stripeRefundId: string) {
    const events = await desk.eventsOf(app.accountId);
    const event = events.find(
      ({ type, data }) =>
        type === "refund.created" && "id" in data.object && data.object.id === stripeRefundId,
    );
    if (!event) throw new Error("no event");
    return event;
  }
  async function deliver(event: object): Promise<void> {
    expect((await desk.deliver(event)).status).toBe(200);
    await desk.work();
  }

  test("being another than ours, its copied metadata makes it nobody's but the merchant's", async () => {
    const { purchase, id } = await called("drop_before");
    const copy = await harness.dependencies.stripe.refunds.create(
      { charge: purchase.chargeId, amount: 4_000, metadata: { redress_refund_id: id } },
      { ...stripeAccount(), idempotencyKey: "key-of-another-program" },
    );
    await deliver(await creationOf(copy.id));
    expect(await row(id)).toMatchObject({ status: "executing", stripeRefundId: null });
    expect(await rowsOf(purchase)).toEqual(expect.arrayContaining([["stripe", copy.id]]));
  });

  test("being ours, it is ours without metadata too", async () => {
    const { purchase, id } = await called("drop_after");
    const [ours] = await harness.stripeRefunds(purchase);
    const event = await creationOf(ours?.id ?? "");
    await deliver({ ...event, data: { object: { ...event.data.object, metadata: {} } } });
    expect(await row(id)).toMatchObject({ status: "succeeded", stripeRefundId: ours?.id });
    expect(await refundsOfPurchase(harness.dependencies, purchase.id)).toHaveLength(1);
  });

  test("of a change to it says nothing about who made it", async () => {
    const { purchase, id } = await called("drop_after");
    const [ours] = await harness.stripeRefunds(purchase);
    const event = await creationOf(ours?.id ?? "");
    const request = { id: "req_other", idempotency_key: "key-of-another-program" };
    await deliver({ ...event, id: "evt_changed", type: "refund.updated", request });
    expect(await row(id)).toMatchObject({ status: "succeeded", stripeRefundId: ours?.id });
  });

  test("being ours while our row holds a copy: said once, aloud, and nothing is lost", async () => {
    const { purchase, id } = await called("drop_after");
    const [ours] = await harness.stripeRefunds(purchase);
    const copy = await elsewhere(purchase, { redress_refund_id: id });
    await settle(copy);
    const event = await creationOf(ours?.id ?? "");
    await deliver(event);
    await deliver({ ...event, id: "evt_again" });
    const facts = { stripeRefundId: ours?.id, heldStripeRefundId: copy.id };
    expect(await misattributions(id)).toMatchObject([{ details: facts }]);
    expect(alerts).toMatchObject([{ alert: "refund_misattributed", refundId: id, ...facts }]);
    expect(await rowsOf(purchase)).toEqual(
      expect.arrayContaining([
        ["redress", copy.id],
        ["stripe", ours?.id],
      ]),
    );
  });

  test("being ours where a person had said so before is no news", async () => {
    const { purchase, id } = await called("drop_after");
    const [ours] = await harness.stripeRefunds(purchase);
    const stripeRefundId = ours?.id ?? "";
    await harness.dependencies.stripe.refunds.update(
      stripeRefundId,
      { metadata: { redress_refund_id: "" } },
      stripeAccount(),
    );
    await harness.advance(25 * hour);
    expect(await execute(harness, id)).toBe("stopped");
    const { id: operatorId } = await harness.operator("approver");
    const said = { refundId: id, stripeRefundId, operatorId, isOurs: true, correlationId };
    await resolveUnattributed(harness.dependencies, said);
    alerts.length = 0;
    await deliver(await creationOf(stripeRefundId));
    expect(await row(id)).toMatchObject({ status: "superseded" });
    expect(await misattributions(id)).toEqual([]);
    expect(alerts).toEqual([]);
  });
});

describe("the late answer of our own call", () => {
  async function answered(): Promise<{
    purchase: TestPurchase;
    id: string;
    attempt: Attempt;
    finish: () => Promise<unknown>;
    madeId: string;
  }> {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const { id } = await askRefund(harness, purchase, { amount: 4_000 });
    const attempt = await beginAttempt(harness.dependencies, { refundId: id, correlationId });
    if (typeof attempt === "string") throw new Error(attempt);
    const outcome = await createAtStripe(harness.dependencies, attempt.refund);
    if (outcome.kind !== "accepted") throw new Error(outcome.kind);
    const { stripeRefund } = outcome;
    const result = { outcome: "accepted", httpStatus: 200, stripeRefundId: stripeRefund.id } as const;
    const verdict = { kind: "settle", stripeRefund } as const;
    const finish = () => finishAttempt(harness.dependencies, { attempt, verdict, result, correlationId });
    return { purchase, id, attempt, finish, madeId: stripeRefund.id };
  }

  test("is kept with its call", async () => {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const { id, stripeRefundId } = await driveRefund(
      harness,
      (await askRefund(harness, purchase, { amount: 4_000 })).id,
    );
    const { database } = harness.dependencies;
    const kept = await database.select().from(refundAttempts).where(eq(refundAttempts.refundId, id));
    expect(stripeRefundId).toMatch(/^re_/);
    expect(kept).toMatchObject([{ outcome: "accepted", stripeRefundId }]);
  });

  test("finds its row with a copy: which is which is written and said", async () => {
    const { purchase, id, finish, madeId } = await answered();
    const copy = await elsewhere(purchase, { redress_refund_id: id });
    await settle(copy);
    expect(await finish()).toBe("settled");
    const [taken] = await harness.dependencies.database
      .select()
      .from(refunds)
      .where(eq(refunds.stripeRefundId, madeId));
    const facts = { stripeRefundId: madeId, heldStripeRefundId: copy.id, standsIn: taken?.id };
    expect(taken).toMatchObject({ origin: "stripe", purchaseId: purchase.id });
    expect(await misattributions(id)).toMatchObject([{ correlationId, details: facts }]);
    expect(alerts).toEqual([{ alert: "refund_misattributed", refundId: id, ...facts }]);
  });

  test("finds its refund in a foreign row: ours ends, and not in silence", async () => {
    const { id, finish, madeId } = await answered();
    const [made] = await harness.dependencies.stripe.refunds
      .list({ limit: 1 }, stripeAccount())
      .then(({ data }) => data);
    expect(made?.id).toBe(madeId);
    await settle({ ...made, metadata: {} });
    expect(await finish()).toBe("settled");
    const { status, history } = await getRefund(harness.dependencies, { refundId: id });
    expect(status).toBe("superseded");
    expect(history.map(({ action }) => action).slice(-2)).toEqual([
      "refund_misattributed",
      "refund_superseded",
    ]);
    expect(alerts).toMatchObject([
      { alert: "refund_misattributed", refundId: id, stripeRefundId: madeId, heldStripeRefundId: null },
    ]);
  });

  test("is taken however wrong our clock was: the key is proof enough", async () => {
    const { id, finish, madeId } = await answered();
    const { database, clock } = harness.dependencies;
    const wrong = new Date(clock.now().getTime() + hour);
    await database.update(refunds).set({ firstAttemptAt: wrong }).where(eq(refunds.id, id));
    expect(await finish()).toBe("settled");
    expect(await row(id)).toMatchObject({ status: "succeeded", stripeRefundId: madeId });
    expect(alerts).toEqual([]);
  });
});

test("a refund approved weeks after its request is asked about by the age of its call", async () => {
  const purchase = await harness.purchase({ app, amount: 20_000, paymentMethod: "pm_card_pendingRefund" });
  const { id } = await askRefund(harness, purchase, { amount: 4_000 });
  await harness.advance(14 * 24 * hour);
  await driveRefund(harness, id);
  await refreshRefund(harness.dependencies, { refundId: id, source: "reconciliation", correlationId });
  const { status, nextAttemptAt } = await row(id);
  expect(status).toBe("pending");
  expect(nextAttemptAt).toEqual(new Date(harness.clock.now().getTime() + hour / 6));
});
