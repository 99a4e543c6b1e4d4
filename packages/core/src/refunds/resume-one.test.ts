import { apps, outboxMessages, purchases, refunds } from "@redress/database";
import { and, eq, like } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { updateApp } from "../apps/update-app.ts";
import { askRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import type { RefundValues } from "./refund-row.ts";
import { resumeOne } from "./resume-one.ts";
import { resumeBlocked } from "./resume-refunds.ts";

// What is judged again, when, and under which approval: a resumption is always judged by today's facts.
const correlationId = "cor_test";
const hour = 60 * 60 * 1000;
const rules = [{ amount: 100_000, currency: "eur" }];
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness({ stripeTimeoutMs: 1_000 });
  // One that stays connected, so that a lost account is not taken for a wrong platform key.
  await harness.app();
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const resume = (refundId: string) => resumeOne(harness.dependencies, refundId, correlationId);

async function row(refundId: string) {
  const { database } = harness.dependencies;
  const [found] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  if (!found) throw new Error("no row");
  return found;
}

const set = (refundId: string, values: RefundValues) =>
  harness.dependencies.database.update(refunds).set(values).where(eq(refunds.id, refundId));
const setPurchase = (purchase: TestPurchase, values: Partial<typeof purchases.$inferInsert>) =>
  harness.dependencies.database.update(purchases).set(values).where(eq(purchases.id, purchase.id));

async function disconnect(app: TestApp): Promise<void> {
  const none = { stripeAccountId: null, stripeLivemode: null, stripeScope: null };
  const link = { ...none, connectedAt: null, connectedBy: null };
  await harness.dependencies.database.update(apps).set(link).where(eq(apps.id, app.id));
}

async function asked() {
  const app = await harness.app({ approvalRules: rules });
  const purchase = await harness.purchase({ app });
  return { app, purchase, id: (await askRefund(harness, purchase, { amount: 2_000 })).id };
}

/** Blocked before its first call. */
async function blocked() {
  const made = await asked();
  await disconnect(made.app);
  expect(await execute(harness, made.id)).toBe("stopped");
  return made;
}

/** One whose call ended without an answer, and which waits for its next try. */
async function unknown() {
  const made = await asked();
  await harness.sandbox.admin.addFault({ fault: "drop_before", method: "POST", path: "/v1/refunds" });
  expect(await execute(harness, made.id)).toBe("again");
  const later = new Date(harness.clock.now().getTime() + hour);
  await set(made.id, { nextAttemptAt: later });
  return { ...made, later };
}

describe("a call of unknown outcome", () => {
  test("is asked about at once when the account is back; it has not left its state by that", async () => {
    const { app, id } = await unknown();
    expect(await resumeBlocked(harness.dependencies, { appId: app.id, correlationId })).toBe(0);
    expect(await row(id)).toMatchObject({ status: "executing", nextAttemptAt: harness.clock.now() });
  });

  test("is asked about under a dispute too: Stripe may have made it before", async () => {
    const { purchase, id } = await unknown();
    await setPurchase(purchase, { refundsBlockedByDispute: true });
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt: harness.clock.now() });
  });

  test("waits while the account is out of reach, or the app is on another one", async () => {
    const { app, id, later } = await unknown();
    await harness.connect(app, `acct_other_${id}`);
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt: later });
    await disconnect(app);
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt: later });
  });

  test("is left alone while a worker holds it", async () => {
    const { id, later } = await unknown();
    await set(id, { leaseUntil: later });
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt: later, leaseUntil: later });
  });

  test("that waits for a person goes on waiting", async () => {
    const { id } = await unknown();
    await set(id, { nextAttemptAt: null });
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt: null });
  });

  test("that is known to have done nothing keeps the time that Stripe asked for", async () => {
    const { id } = await asked();
    await harness.sandbox.admin.addFault({ fault: "rate_limit", method: "POST", path: "/v1/refunds" });
    expect(await execute(harness, id)).toBe("again");
    const { nextAttemptAt } = await row(id);
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ nextAttemptAt });
  });
});

describe("a blocked refund", () => {
  test("goes on, and the news of it leaves with the change: each resumption has its own", async () => {
    const { app, id } = await blocked();
    const { database } = harness.dependencies;
    const due = () =>
      database.$count(
        outboxMessages,
        and(
          eq(outboxMessages.name, "refund/execution.due"),
          like(outboxMessages.factKey, `refund.execute:${id}:%:resumed:%`),
        ),
      );
    for (const times of [1, 2]) {
      await harness.connect(app, app.accountId);
      expect(await resume(id)).toBe(true);
      expect(await due()).toBe(times);
      await harness.advance(1_000);
      await disconnect(app);
      expect(await execute(harness, id)).toBe("stopped");
    }
    expect(await resume(id)).toBe(false);
  });

  test("is judged by what stands in its way today, and again in an hour", async () => {
    const { app, purchase, id } = await blocked();
    await harness.advance(hour / 2);
    await harness.connect(app, `acct_other_${id}`);
    const inAnHour = () => new Date(harness.clock.now().getTime() + hour);
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ blockedCode: "account_changed", nextAttemptAt: inAnHour() });
    // A dispute that was lost is not what had blocked it; it is what does now.
    await setPurchase(purchase, { refundsBlockedByDispute: true, disputeStatus: "lost" });
    await harness.connect(app, app.accountId);
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ status: "blocked", blockedCode: "dispute_open" });
    expect(await resume(id)).toBe(true);
    expect(await row(id)).toMatchObject({ status: "refused", refusedCode: "dispute_lost" });
    expect(await resume(id)).toBe(false);
  });

  test("that waits for an open dispute does not end by it", async () => {
    const { purchase, id } = await asked();
    await setPurchase(purchase, { refundsBlockedByDispute: true, disputeStatus: "under_review" });
    expect(await execute(harness, id)).toBe("stopped");
    expect(await resume(id)).toBe(false);
    expect(await row(id)).toMatchObject({ status: "blocked", blockedCode: "dispute_open" });
  });

  test("is not judged before its time", async () => {
    const { app, id } = await blocked();
    await harness.connect(app, app.accountId);
    await harness.advance(hour - 1);
    expect(await execute(harness, id)).toBe("stopped");
    await harness.advance(1);
    expect(await execute(harness, id)).toBe("settled");
  });

  test("is found by its app or its purchase, and no other one is touched", async () => {
    const one = await blocked();
    const two = await blocked();
    for (const { app } of [one, two]) await harness.connect(app, app.accountId);
    const { dependencies } = harness;
    expect(await resumeBlocked(dependencies, { appId: one.app.id, correlationId })).toBe(1);
    expect(await row(two.id)).toMatchObject({ status: "blocked" });
    expect(await resumeBlocked(dependencies, { purchaseId: two.purchase.id, correlationId })).toBe(1);
    const three = await blocked();
    await harness.connect(three.app, three.app.accountId);
    const both = { appId: one.app.id, purchaseId: three.purchase.id, correlationId };
    expect(await resumeBlocked(dependencies, both)).toBe(0);
  });

  test("that only the rule had approved waits for a person when the rule has changed", async () => {
    const { app, id } = await blocked();
    const actor = systemActor("test");
    await updateApp(harness.dependencies, { actor, slug: app.slug, approvalRules: [] });
    await harness.connect(app, app.accountId);
    expect(await resume(id)).toBe(true);
    expect(await row(id)).toMatchObject({ status: "awaiting_approval", approvalId: null });
  });
});

test.each(["approved", "awaiting_approval"])("what is %s is not resumed", async (status) => {
  const app = await harness.app(status === "approved" ? { approvalRules: rules } : {});
  const { id } = await askRefund(harness, await harness.purchase({ app }));
  const before = await row(id);
  expect(before.status).toBe(status);
  expect(await resume(id)).toBe(false);
  expect(await row(id)).toEqual(before);
});
