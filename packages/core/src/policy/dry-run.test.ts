import { policyVersions, refundVerdicts } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { askRefund, driveRefund, testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { dryRunPolicy } from "./dry-run.ts";

// A draft can be tried on what has happened, and trying it changes nothing.
let harness: Harness;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 5_000, currency: "eur" }] });
  await harness.advance(Date.parse("2029-05-10T09:00:00Z") - harness.clock.now().getTime());
});
afterAll(() => harness.close());

const upTo = (atMost: number, when: object = {}) => ({
  when: { amount: [{ currency: "eur", atMost }], ...when },
  verdict: "allow",
});
const run = (policy: unknown, limit?: number) =>
  dryRunPolicy(harness.dependencies, { slug: app.slug, policy, limit });

test("a draft is judged on the past requests as they were, in their order", async () => {
  const first = await harness.purchase({ app, customerEmail: "lin@example.com" });
  const second = await harness.purchase({ app, customerEmail: "lin@example.com" });
  const asked: RefundDetail[] = [];
  for (const [purchase, amount] of [
    [first, 3_000],
    [first, 2_000],
    [first, 1_000],
    [second, 4_000],
  ] as const) {
    const inAdditionTo = asked.filter(({ purchaseId }) => purchaseId === purchase.id).map(({ id }) => id);
    asked.push(
      await requestRefund(harness.dependencies, {
        requester: testAgent,
        purchaseId: purchase.id,
        amount: { amount, currency: "eur" },
        inAdditionTo,
        correlationId: "cor_test",
      }),
    );
    await harness.advance(1_000);
  }
  expect(asked.map(({ status }) => status)).toEqual([
    "approved",
    "approved",
    "awaiting_approval",
    "approved",
  ]);
  await driveRefund(harness, asked[0]?.id ?? "");
  const { database } = harness.dependencies;
  const before = [await database.$count(policyVersions), await database.$count(refundVerdicts)];

  const same = await run({ rules: [upTo(5_000)] });
  expect(same).toMatchObject({ changed: 0, counts: { allow: 3, ask: 1, refuse: 0 } });
  expect(same.requests.map(({ refundId }) => refundId)).toEqual(asked.map(({ id }) => id));

  // By the draft the second is not let out; but it was, and with an agent's request all that was returned counts.
  const stricter = await run({ rules: [upTo(4_000)] });
  expect(stricter.requests.map(({ verdict, draftVerdict }) => [verdict, draftVerdict.kind])).toEqual([
    ["allow", "allow"],
    ["allow", "ask"],
    ["ask", "ask"],
    ["allow", "allow"],
  ]);
  expect(stricter.changed).toBe(1);

  const often = {
    when: { earlierRefunds: { withinDays: 30, count: { above: 2 } } },
    verdict: "refuse",
    reason: "No.",
  };
  const refusing = await run({ rules: [often, upTo(9_000)] });
  expect(refusing.counts).toEqual({ allow: 3, ask: 0, refuse: 1 });
  expect(refusing.requests.at(-1)?.draftVerdict).toMatchObject({ kind: "refuse", rule: 1, reason: "No." });

  const budget = (per: string) => [{ per, period: "day", limit: { amount: 6_000, currency: "eur" } }];
  for (const per of ["app", "agent", "customer"]) {
    const budgeted = await run({ rules: [upTo(9_000)], budgets: budget(per) });
    expect(budgeted.requests.map(({ draftVerdict }) => draftVerdict.kind)).toEqual([
      "allow",
      "allow",
      "allow",
      "ask",
    ]);
    expect(budgeted.requests.at(-1)?.draftVerdict.explanation).toContain(
      `The budget per ${per} and day, €60.00, has €0.00 left.`,
    );
  }
  expect([await database.$count(policyVersions), await database.$count(refundVerdicts)]).toEqual(before);
});

test("the newest are taken, and of this app only", async () => {
  const other = await harness.app();
  await askRefund(harness, await harness.purchase({ app: other }));
  const { requests } = await run({ rules: [] }, 2);
  expect(requests).toHaveLength(2);
  expect(requests.map(({ amount }) => amount)).toEqual([1_000, 4_000]);
});

test("a request of which no verdict was kept counts as changed", async () => {
  const older = await harness.app();
  const refund = await askRefund(harness, await harness.purchase({ app: older }));
  const { database } = harness.dependencies;
  await database.execute("alter table refund_verdicts disable trigger refund_verdicts_append_only");
  await database.delete(refundVerdicts).where(eq(refundVerdicts.refundId, refund.id));
  await database.execute("alter table refund_verdicts enable trigger refund_verdicts_append_only");
  const answer = await dryRunPolicy(harness.dependencies, { slug: older.slug, policy: { rules: [] } });
  expect(answer).toMatchObject({ changed: 1, requests: [{ verdict: null, draftVerdict: { kind: "ask" } }] });
});

test("a draft that cannot be meant, and an app that is not there, are refused", async () => {
  await expect(run({ rules: [{ when: {}, verdict: "allow" }] })).rejects.toMatchObject({
    code: "invalid_input",
  });
  const nowhere = dryRunPolicy(harness.dependencies, { slug: "nobody", policy: { rules: [] } });
  await expect(nowhere).rejects.toMatchObject({ code: "app_not_found" });
});
