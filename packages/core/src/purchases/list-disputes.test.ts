import { auditLogs, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { countDisputesDue, listDisputes } from "./list-disputes.ts";

// Guarantee: a dispute that wants evidence is listed with Stripe's own deadline, the most urgent first, until evidence
// was sent or it ended. Through signed webhooks, and the sandbox's disputes.
let harness: Harness;
let desk: EventDesk;
const dayMs = 86_400_000;

beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
});
afterAll(() => harness.close());

const ofDisputes = ({ type }: { type: string }) => type.startsWith("charge.dispute.");

async function hear(purchase: TestPurchase): Promise<void> {
  for (const event of (await desk.eventsOf(purchase.accountId)).filter(ofDisputes)) await desk.deliver(event);
  await desk.work();
}

async function disputed(app: TestApp): Promise<TestPurchase & { disputeId: string; dueAt: Date }> {
  const purchase = await harness.purchase({ app });
  const { accountId: account, chargeId: charge } = purchase;
  const { id } = await harness.sandbox.admin.createDispute({ account, charge });
  await hear(purchase);
  const { stripe } = harness.dependencies;
  const dispute = await stripe.disputes.retrieve(id, {}, { stripeAccount: account });
  return { ...purchase, disputeId: id, dueAt: new Date((dispute.evidence_details.due_by ?? 0) * 1000) };
}

const list = async (app: TestApp) =>
  (await listDisputes(harness.dependencies, { appIds: [app.id] })).disputes.map((one) => [
    one.id,
    one.disputeDueAt,
  ]);

test("the deadline is Stripe's; the first due comes first, page by page; another app's are not in it", async () => {
  const app = await harness.app();
  const first = await disputed(app);
  await harness.advance(dayMs);
  const [second, third] = [await disputed(app), await disputed(app)];
  await disputed(await harness.app());
  const expected = [[first.id, first.dueAt], ...[second, third].map((one) => [one.id, one.dueAt]).sort()];
  expect(await list(app)).toEqual(expected);
  const { dependencies } = harness;
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listDisputes(dependencies, { appIds: [app.id], limit: 1, cursor });
    ids.push(...page.disputes.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(ids).toEqual(expected.map(([id]) => id));
  expect(await countDisputesDue(dependencies, { appIds: [app.id] })).toEqual({
    ...{ count: 3, firstDueAt: first.dueAt },
  });
  await expect(listDisputes(dependencies, { appIds: "all", cursor: "none" })).rejects.toMatchObject({
    code: "invalid_input",
  });
});

test("once evidence was sent nothing is due and it comes last; once it is closed it is gone", async () => {
  const app = await harness.app();
  const [answered, open] = [await disputed(app), await disputed(app)];
  const { stripe, database } = harness.dependencies;
  const on = { stripeAccount: answered.accountId };
  await stripe.disputes.update(
    answered.disputeId,
    { evidence: { uncategorized_text: "It took place." }, submit: true },
    on,
  );
  await hear(answered);
  expect(await list(app)).toEqual([
    [open.id, open.dueAt],
    [answered.id, null],
  ]);
  const after = await listDisputes(harness.dependencies, { appIds: [app.id], limit: 1 });
  const rest = { appIds: [app.id], cursor: after.nextCursor ?? "" };
  expect((await listDisputes(harness.dependencies, rest)).disputes.map(({ id }) => id)).toEqual([
    answered.id,
  ]);
  for (const { disputeId, accountId: account } of [answered, open]) {
    await harness.sandbox.admin.closeDispute(disputeId, { account, status: "lost" });
  }
  await hear(open);
  await hear(answered);
  expect(await list(app)).toEqual([]);
  const [row] = await database.select().from(purchases).where(eq(purchases.id, open.id));
  expect(row).toMatchObject({ disputeStatus: "lost", disputeDueAt: null });
  // Opened and lost: the same news again says nothing new.
  await hear(open);
  const changes = and(eq(auditLogs.purchaseId, open.id), eq(auditLogs.action, "dispute_changed"));
  expect(await database.$count(auditLogs, changes)).toBe(2);
});
