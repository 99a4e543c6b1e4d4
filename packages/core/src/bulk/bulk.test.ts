import {
  approvals,
  bulkRefundItems,
  operatorRoles,
  purchases,
  refundAttempts,
  refunds,
} from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { releaseRefunds, stopRefunds } from "../apps/stop-refunds.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import { askRefund, driveRefund, execute, testRequester } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import type { ListSource } from "./bulk-input.ts";
import { getBulk } from "./bulk-view.ts";
import { approveBulk, rejectBulk } from "./decide-bulk.ts";
import { exportResult, listItems } from "./list-items.ts";
import { prepareList } from "./prepare-list.ts";
import { requestBulk } from "./request-bulk.ts";
import { runBulk } from "./run-bulk.ts";
import { cancelBulk, pauseBulk, resumeBulk, withdrawBulk } from "./steer-bulk.ts";
import { expireBulks } from "./tend-bulks.ts";

// One approval for exactly one list; each of its lines has one refund or none, whatever happens in between.
const correlationId = "cor_bulk";
const admin = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
let approver: string;

beforeAll(async () => {
  harness = await startHarness();
  approver = (await harness.operator("approver")).id;
});
afterAll(() => harness.close());

async function bought(app: TestApp, count: number): Promise<TestPurchase[]> {
  const all: TestPurchase[] = [];
  for (let index = 0; index < count; index += 1) all.push(await harness.purchase({ app }));
  return all;
}

async function ask(app: TestApp, source: ListSource, options: { requestKey?: string } = {}) {
  const request = { appId: app.id, source, requester: testRequester, correlationId, ...options };
  const { bulkRefundId } = await requestBulk(harness.dependencies, request);
  return bulkRefundId;
}

const rowsOf = (all: readonly TestPurchase[]): ListSource => ({
  kind: "rows",
  rows: all.map(({ id }) => ({ purchase: id })),
});

async function prepared(app: TestApp, source: ListSource) {
  const bulkRefundId = await ask(app, source);
  expect(await prepareList(harness.dependencies, { bulkRefundId, forMs: 0, correlationId })).toBe(false);
  while (!(await prepareList(harness.dependencies, { bulkRefundId, forMs: 0, correlationId })));
  return view(bulkRefundId);
}

const view = (bulkRefundId: string) => getBulk(harness.dependencies, { bulkRefundId });
const approve = async (bulkRefundId: string, operatorId = approver) =>
  approveBulk(harness.dependencies, {
    ...{ bulkRefundId, operatorId, correlationId, listHash: (await view(bulkRefundId)).listHash ?? "" },
  });
const linesOf = async (bulkRefundId: string) =>
  (await listItems(harness.dependencies, { bulkRefundId })).items;

/** Runs it as the workflow does; pauses move the clock. */
async function run(bulkRefundId: string, parallel = 4) {
  const pause = (ms: number) => harness.advance(ms);
  const options = { bulkRefundId, forMs: 3_600_000, correlationId, parallel, pause };
  return runBulk(harness.dependencies, options);
}

async function refundsAtStripe(all: readonly TestPurchase[]): Promise<number[]> {
  const found: number[] = [];
  for (const purchase of all) found.push((await harness.stripeRefunds(purchase)).length);
  return found;
}

async function expectConstraint(name: string, work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(violatedConstraint(error)).toBe(name);
}

test("a list says line by line what will be refunded, and of the rest why not; nothing is held before it is approved", async () => {
  const [app, other] = [await harness.app(), await harness.app()];
  await setPolicy(harness.dependencies, {
    ...{ actor: admin, owner: app },
    policy: {
      rules: [
        { when: { amount: [{ currency: "eur", above: 50_000 }] }, verdict: "refuse", reason: "Too much." },
      ],
    },
  });
  const [whole, part, done, disputed] = await bought(app, 4);
  const dear = await harness.purchase({ app, amount: 60_000 });
  const pounds = await harness.purchase({ app, currency: "gbp", amount: 3_000 });
  const foreign = await harness.purchase({ app: other });
  if (!whole || !part || !done || !disputed) throw new Error("four were bought");
  const { database } = harness.dependencies;
  await database.update(purchases).set({ orderNumber: "A-1001" }).where(eq(purchases.id, part.id));
  await database
    .update(purchases)
    .set({ refundsBlockedByDispute: true })
    .where(eq(purchases.id, disputed.id));
  const earlier = await askRefund(harness, done);
  expect(earlier.status).toBe("awaiting_approval");
  const text = [
    "order number;amount;currency;charge",
    `;;;${whole.chargeId}`,
    "#a-1001;25,00;EUR;",
    ";;;ch_unknown",
    `;;;${whole.chargeId}`,
    `;;;${done.chargeId}`,
    `;;;${disputed.chargeId}`,
    `;;;${dear.chargeId}`,
    `;;;${foreign.chargeId}`,
    `;1.00;usd;${pounds.chargeId}`,
    `;;;${pounds.chargeId}`,
  ].join("\r\n");
  const list = await prepared(app, { kind: "csv", text });
  expect(
    (await linesOf(list.id)).map(({ status, code, amount, currency }) => [
      status,
      code ?? `${amount} ${currency}`,
    ]),
  ).toEqual([
    ["ready", "10000 eur"],
    ["ready", "2500 eur"],
    ["left_out", "purchase_unknown"],
    ["left_out", "duplicate"],
    ["left_out", "amount_exceeds_remaining"],
    ["left_out", "dispute_open"],
    ["left_out", "policy_refused"],
    ["left_out", "purchase_unknown"],
    ["left_out", "currency_mismatch"],
    ["ready", "3000 gbp"],
  ]);
  expect(list).toMatchObject({
    status: "awaiting_approval",
    lines: {
      ready: {
        count: 3,
        amounts: [
          { amount: 12_500, currency: "eur" },
          { amount: 3_000, currency: "gbp" },
        ],
      },
      left_out: { count: 7 },
    },
  });
  expect(await database.$count(refunds, eq(refunds.bulkRefundId, list.id))).toBe(0);
});

describe("who approves a list", () => {
  test("is not who asked, sees exactly that list, and two clicks have one effect", async () => {
    const app = await harness.app();
    const all = await bought(app, 3);
    const list = await prepared(app, rowsOf(all));
    const { dependencies } = harness;
    const decision = { bulkRefundId: list.id, correlationId, listHash: list.listHash ?? "" };
    await expect(
      approveBulk(dependencies, { ...decision, operatorId: testRequester.id }),
    ).rejects.toMatchObject({ code: "permission_denied" });
    const own = await requestBulk(dependencies, {
      ...{ appId: app.id, source: rowsOf(await bought(app, 1)), correlationId },
      requester: { kind: "agent", id: "key_bot", ownerId: approver },
    });
    await prepareList(dependencies, { ...own, forMs: 60_000, correlationId });
    await expect(approve(own.bulkRefundId)).rejects.toMatchObject({ code: "own_request" });
    await expect(
      approveBulk(dependencies, { ...decision, operatorId: approver, listHash: "another" }),
    ).rejects.toMatchObject({ code: "list_changed" });
    await Promise.all([approve(list.id), approve(list.id)]);
    expect(await run(list.id)).toEqual({ over: true });
    expect(await refundsAtStripe(all)).toEqual([1, 1, 1]);
    expect(await view(list.id)).toMatchObject({
      status: "finished",
      lines: { requested: { count: 3 }, ready: { count: 0 } },
      refunds: [{ status: "succeeded", count: 3, amounts: [{ amount: 30_000, currency: "eur" }] }],
    });
    await approve(list.id);
    await expect(approve(list.id, (await harness.operator("admin")).id)).rejects.toMatchObject({
      code: "bulk_refund_state",
    });
  });

  test("is two people where a line needs two, and the database counts them too", async () => {
    const app = await harness.app();
    const rules = [{ when: {}, verdict: "ask", approvers: 2, role: "approver" }];
    await setPolicy(harness.dependencies, { actor: admin, owner: app, policy: { rules } });
    const all = await bought(app, 2);
    const list = await prepared(app, rowsOf(all));
    expect(list.approversNeeded).toBe(2);
    await approve(list.id);
    await approve(list.id);
    expect(await view(list.id)).toMatchObject({
      status: "awaiting_approval",
      approvedBy: [{ id: approver }],
    });
    const second = (await harness.operator("approver")).id;
    await approve(list.id, second);
    await run(list.id);
    expect(await refundsAtStripe(all)).toEqual([1, 1]);
    const made = await harness.dependencies.database
      .select({ by: approvals.decidedById, needed: refunds.approversNeeded })
      .from(approvals)
      .innerJoin(refunds, eq(refunds.approvalId, approvals.id))
      .where(eq(refunds.bulkRefundId, list.id));
    expect(made).toEqual([
      { by: second, needed: 2 },
      { by: second, needed: 2 },
    ]);
  });

  test("may reject it with a reason; who asked may take it back; undecided it lapses", async () => {
    const app = await harness.app();
    const all = await bought(app, 1);
    const { dependencies } = harness;
    const rejected = await prepared(app, rowsOf(all));
    const decision = { operatorId: approver, correlationId, listHash: rejected.listHash ?? "" };
    await expect(
      rejectBulk(dependencies, { ...decision, bulkRefundId: rejected.id, note: " " }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    await rejectBulk(dependencies, { ...decision, bulkRefundId: rejected.id, note: "It took place." });
    const withdrawn = await prepared(app, rowsOf(all));
    await withdrawBulk(dependencies, { bulkRefundId: withdrawn.id, actor: testRequester, correlationId });
    const lapsed = await prepared(app, rowsOf(all));
    await harness.advance(15 * 24 * 3_600_000);
    await expect(approve(lapsed.id)).rejects.toMatchObject({ code: "bulk_refund_state" });
    await expireBulks(dependencies, { correlationId });
    const ends = ["rejected", "withdrawn", "expired"];
    for (const [index, { id }] of [rejected, withdrawn, lapsed].entries()) {
      expect((await view(id)).status).toBe(ends[index]);
      await expect(approve(id)).rejects.toMatchObject({ code: "bulk_refund_state" });
      expect(await run(id)).toEqual({ over: true });
    }
    expect(await refundsAtStripe(all)).toEqual([0]);
  });
});

describe("a run", () => {
  test("stops between two lines, goes on where it stood, and gives up the rest when it is cancelled", async () => {
    const app = await harness.app();
    const all = await bought(app, 6);
    const list = await prepared(app, rowsOf(all));
    const { dependencies } = harness;
    const steering = {
      bulkRefundId: list.id,
      actor: { kind: "operator", id: approver },
      correlationId,
    } as const;
    await approve(list.id);
    await pauseBulk(dependencies, steering);
    expect(await run(list.id)).toEqual({ over: true });
    expect(await refundsAtStripe(all)).toEqual([0, 0, 0, 0, 0, 0]);
    await resumeBulk(dependencies, steering);
    await runBulk(dependencies, {
      ...{ bulkRefundId: list.id, forMs: 1, correlationId, parallel: 2 },
      pause: (ms) => harness.advance(ms),
    });
    const made = (await view(list.id)).lines.requested.count;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(6);
    await cancelBulk(dependencies, steering);
    expect(await run(list.id)).toEqual({ over: true });
    expect(await view(list.id)).toMatchObject({
      status: "canceled",
      lines: { canceled: { count: 6 - made } },
    });
    expect((await refundsAtStripe(all)).reduce((sum, count) => sum + count, 0)).toBe(made);
    await expect(resumeBulk(dependencies, steering)).rejects.toMatchObject({ code: "bulk_refund_state" });
  });

  test("drops a line that is no longer as it was judged, says why, and returns the others", async () => {
    const app = await harness.app();
    const all = await bought(app, 4);
    const [changed, gone, stricter, fine] = all;
    if (!changed || !gone || !stricter || !fine) throw new Error("four were bought");
    const { database } = harness.dependencies;
    await database.update(purchases).set({ productName: "Risky" }).where(eq(purchases.id, stricter.id));
    await database.update(purchases).set({ productName: "Plain" }).where(eq(purchases.id, fine.id));
    const list = await prepared(app, rowsOf(all));
    await approve(list.id);
    await driveRefund(harness, (await askApproved(changed, 500)).id);
    await database.update(purchases).set({ refundsBlockedByDispute: true }).where(eq(purchases.id, gone.id));
    const rules = [{ when: { product: ["Risky"] }, verdict: "ask", role: "admin" }];
    await setPolicy(harness.dependencies, { actor: admin, owner: app, policy: { rules } });
    await run(list.id);
    expect(
      (await linesOf(list.id)).map(({ status, code, refundStatus }) => [status, code ?? refundStatus]),
    ).toEqual([
      ["dropped", "amount_exceeds_remaining"],
      ["dropped", "dispute_open"],
      ["dropped", "policy_changed"],
      ["requested", "succeeded"],
    ]);
    expect(await refundsAtStripe(all)).toEqual([1, 0, 0, 1]);
    // A line that was forbidden in the end has left no refund behind.
    expect(await database.$count(refunds, eq(refunds.bulkRefundId, list.id))).toBe(1);
    let csv = "";
    for await (const piece of exportResult(harness.dependencies, { bulkRefundId: list.id })) csv += piece;
    expect(csv.trimEnd().split("\r\n")).toHaveLength(5);
    expect(csv).toContain("succeeded,re_");
  });

  async function askApproved(purchase: TestPurchase, amount: number) {
    const refund = await askRefund(harness, purchase, { amount });
    return approveRefund(harness.dependencies, { refundId: refund.id, operatorId: approver, correlationId });
  }

  test("pauses by itself when the app is stopped, and when an approver may not approve any more", async () => {
    const app = await harness.app();
    const all = await bought(app, 2);
    const own = await harness.operator("approver");
    const list = await prepared(app, rowsOf(all));
    const { dependencies } = harness;
    const person = (await harness.operator("admin")).id;
    const actor = { kind: "operator", id: person } as const;
    const steering = { bulkRefundId: list.id, actor, correlationId };
    await approve(list.id, own.id);
    await stopRefunds(dependencies, { slug: app.slug, actor, correlationId, reason: "A look first." });
    await run(list.id);
    expect(await view(list.id)).toMatchObject({ status: "paused", pausedCode: "refunds_stopped" });
    await releaseRefunds(dependencies, { slug: app.slug, actor, correlationId });
    await resumeBulk(dependencies, steering);
    await dependencies.database.delete(operatorRoles).where(eq(operatorRoles.operatorId, own.id));
    await run(list.id);
    expect(await view(list.id)).toMatchObject({ status: "paused", pausedCode: "approver_gone" });
    await expect(resumeBulk(dependencies, steering)).rejects.toMatchObject({ code: "bulk_refund_state" });
    expect(await refundsAtStripe(all)).toEqual([0, 0]);
  });

  test("many at once: each line of it once, and never more calls under way than allowed", async () => {
    const app = await harness.app();
    const all = await bought(app, 30);
    const list = await prepared(app, rowsOf(all));
    await approve(list.id);
    expect(await run(list.id, 12)).toEqual({ over: true });
    expect(new Set(await refundsAtStripe(all))).toEqual(new Set([1]));
    const { database } = harness.dependencies;
    const ofList = await database.select().from(refunds).where(eq(refunds.bulkRefundId, list.id));
    expect(ofList.map(({ status, attemptCount }) => `${status} ${attemptCount}`)).toEqual(
      all.map(() => "succeeded 1"),
    );
  });

  test("what was asked for but not sent when refunds are stopped is not sent until they go on, and then once", async () => {
    const app = await harness.app();
    const all = await bought(app, 8);
    const list = await prepared(app, rowsOf(all));
    await approve(list.id);
    const { dependencies } = harness;
    const actor = { kind: "operator", id: (await harness.operator("admin")).id } as const;
    const switching = { slug: app.slug, actor, correlationId };
    let stopped = false;
    await runBulk(dependencies, {
      ...{ bulkRefundId: list.id, forMs: 3_600_000, correlationId, parallel: 8 },
      pause: async (ms) => {
        if (!stopped) {
          stopped = true;
          await stopRefunds(dependencies, { ...switching, reason: "The wrong workshop." });
        }
        await harness.advance(ms);
      },
    });
    const sent = (await refundsAtStripe(all)).reduce((sum, count) => sum + count, 0);
    expect(sent).toBeLessThan(8);
    const waiting = (await linesOf(list.id)).filter(({ refundStatus }) => refundStatus === "executing");
    expect(waiting.length).toBeGreaterThan(0);
    await harness.advance(61_000);
    for (const { refundId } of waiting) await execute(harness, refundId ?? "");
    expect((await refundsAtStripe(all)).reduce((sum, count) => sum + count, 0)).toBe(sent);
    await releaseRefunds(dependencies, switching);
    for (const { refundId } of waiting) {
      expect(await driveRefund(harness, refundId ?? "")).toMatchObject({ status: "succeeded" });
    }
    expect((await refundsAtStripe(all)).every((count) => count <= 1)).toBe(true);
  });

  test("that Stripe refuses for its rate slows down; what was refused is tried again under its own key", async () => {
    const app = await harness.app();
    const all = await bought(app, 3);
    const list = await prepared(app, rowsOf(all));
    await approve(list.id);
    await harness.sandbox.admin.addFault({
      ...{ fault: "rate_limit", times: 1, method: "POST", path: "/v1/refunds" },
    });
    expect(await run(list.id, 1)).toEqual({ over: true });
    expect(await refundsAtStripe(all)).toEqual([1, 1, 1]);
    const { database } = harness.dependencies;
    const calls = await database
      .select({ status: refundAttempts.httpStatus, key: refundAttempts.idempotencyKey })
      .from(refundAttempts)
      .innerJoin(refunds, eq(refunds.id, refundAttempts.refundId))
      .where(eq(refunds.bulkRefundId, list.id));
    expect(calls.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
  });
});

describe("the database", () => {
  test("takes no refund that is not exactly a line of its list, and none of a list that nobody approved", async () => {
    const app = await harness.app();
    const all = await bought(app, 2);
    const some = { amount: 1_000, currency: "eur" };
    const list = await prepared(app, {
      ...{ kind: "rows", rows: all.map(({ id }) => ({ purchase: id, amount: some })) },
    });
    const { database } = harness.dependencies;
    const asked = await askRefund(harness, await harness.purchase({ app }));
    const row = (await database.select().from(refunds).where(eq(refunds.id, asked.id)))[0];
    if (!row) throw new Error("it was asked for");
    const { id: _id, ...facts } = row;
    const spare = await harness.purchase({ app });
    const fresh = { ...facts, id: "rfd_forged", status: "requested", expiresAt: null } as const;
    const onOther = { ...fresh, purchaseId: spare.id, stripeChargeId: spare.chargeId };
    await expectConstraint(
      "refunds_of_bulk",
      database.insert(refunds).values({ ...onOther, bulkRefundId: list.id }),
    );
    await expectConstraint(
      "refunds_bulk_fixed",
      database.update(refunds).set({ bulkRefundId: list.id }).where(eq(refunds.id, asked.id)),
    );
    const line = (await linesOf(list.id))[0];
    const [purchase] = await database
      .select()
      .from(purchases)
      .where(eq(purchases.id, all[0]?.id ?? ""));
    if (!purchase || line?.amount == null) throw new Error("the list has lines");
    const onList = {
      ...fresh,
      ...{ bulkRefundId: list.id, purchaseId: purchase.id, amount: line.amount },
      stripeChargeId: purchase.stripeChargeId,
    };
    await database.insert(refunds).values(onList);
    await expectConstraint(
      "refunds_bulk_line",
      database.insert(refunds).values({ ...onList, id: "rfd_twice" }),
    );
    await expectConstraint(
      "approvals_enough",
      database.insert(approvals).values({
        ...{ id: "apr_forged", refundId: onList.id, purchaseId: purchase.id, amount: line.amount },
        ...{ currency: onList.currency, requestedByOwner: onList.requestedByOwner, decision: "approved" },
        ...{ decidedByKind: "operator", decidedById: approver, decidedAt: harness.clock.now() },
      }),
    );
  });

  test("keeps a sealed list as it is", async () => {
    const app = await harness.app();
    const list = await prepared(app, rowsOf(await bought(app, 1)));
    const { database } = harness.dependencies;
    const own = and(eq(bulkRefundItems.bulkRefundId, list.id), eq(bulkRefundItems.position, 1));
    await expectConstraint(
      "bulk_refund_items_fixed",
      database.update(bulkRefundItems).set({ amount: 1 }).where(own),
    );
    await expectConstraint(
      "bulk_refund_items_sealed",
      database
        .insert(bulkRefundItems)
        .values({ bulkRefundId: list.id, position: 2, handle: "pur_x", status: "listed" }),
    );
    await expectConstraint(
      "bulk_refund_items_requested",
      database.update(bulkRefundItems).set({ status: "requested" }).where(own),
    );
  });
});

test("the same request id gives the same list; with other lines it is a conflict", async () => {
  const app = await harness.app();
  const [one, two] = await bought(app, 2);
  if (!one || !two) throw new Error("two were bought");
  const first = await ask(app, rowsOf([one]), { requestKey: "workshop-7" });
  expect(await ask(app, rowsOf([one]), { requestKey: "workshop-7" })).toBe(first);
  await expect(ask(app, rowsOf([two]), { requestKey: "workshop-7" })).rejects.toMatchObject({
    code: "request_key_conflict",
  });
  await expect(ask(app, { kind: "filter", query: " " })).rejects.toMatchObject({ code: "invalid_input" });
});

test("a filter is what it finds when it is asked for", async () => {
  const app = await harness.app();
  const all = await bought(app, 2);
  const { database } = harness.dependencies;
  for (const { id } of all)
    await database.update(purchases).set({ orderNumber: "W-7" }).where(eq(purchases.id, id));
  const list = await prepared(app, { kind: "filter", query: "order:w-7" });
  expect(list.lines.ready.count).toBe(2);
  const empty = await ask(app, { kind: "filter", query: "order:none" }).catch((error: unknown) => error);
  expect(empty).toMatchObject({ code: "invalid_input" });
});
