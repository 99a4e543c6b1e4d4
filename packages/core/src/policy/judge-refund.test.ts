import { policyVersions, purchases, refundVerdicts } from "@redress/database";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { askRefund as ask, driveRefund, execute, testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { processRefund } from "../tools/process-refund.ts";
import { previewVerdict } from "./preview-verdict.ts";
import { setPolicy } from "./set-policy.ts";

/** Unless told otherwise an agent asks: its requests are what most rules are for. */
const askRefund: typeof ask = (harness, purchase, options) =>
  ask(harness, purchase, { requester: testAgent, ...options });

// Invariant 2: what policy permits is judged when it is asked for and again in the transaction of the intention.
const actor = { kind: "operator", id: "opr_admin" } as const;
const correlationId = "cor_test";
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const allow = (when: object = {}, atMost = 100_000) => ({
  when: { amount: [{ currency: "eur", atMost }], ...when },
  verdict: "allow",
});
const refuse = (when: object, reason = "Sorry, no.") => ({ when, verdict: "refuse", reason });
const askAdmin = (when: object = {}) => ({ when, verdict: "ask", role: "admin" });

async function setRules(app: TestApp, ...rules: object[]) {
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules } });
}
async function appWith(...rules: object[]): Promise<TestApp> {
  const app = await harness.app();
  await setRules(app, ...rules);
  return app;
}
const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

async function newestVersion(app: TestApp) {
  const [row] = await harness.dependencies.database
    .select({ id: policyVersions.id })
    .from(policyVersions)
    .where(eq(policyVersions.appId, app.id))
    .orderBy(desc(policyVersions.number));
  return row?.id;
}

test("a refused request is rejected with the reason for the customer, holds nothing, and is never sent", async () => {
  const app = await appWith(refuse({ requester: ["agent"] }, "Ask our support."), allow());
  const purchase = await harness.purchase({ app });
  const refund = await askRefund(harness, purchase);
  expect(refund).toMatchObject({
    status: "rejected",
    approval: {
      decision: "rejected",
      decidedBy: { kind: "policy", id: await newestVersion(app) },
      note: "Ask our support.",
    },
  });
  expect(await execute(harness, refund.id)).toBe("stopped");
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  // A person may still ask for all of it.
  const person = await askRefund(harness, purchase, { requester: { kind: "operator", id: "opr_sam" } });
  expect(person).toMatchObject({ status: "approved", amount: 10_000 });
});

test("the tool tells an agent why policy refuses", async () => {
  const app = await appWith(refuse({}, "Courses are not refunded."));
  const { id: purchaseId } = await harness.purchase({ app });
  const answer = await processRefund(
    harness.dependencies,
    { purchaseId },
    { requester: testAgent, correlationId },
  );
  expect(answer).toMatchObject({
    status: "rejected",
    message: "The policy refuses the refund of €100.00: Courses are not refunded.",
  });
});

test("what a person refused, an agent gets from a person only, whatever it asks for next; a person may as before", async () => {
  const app = await appWith(
    { ...askAdmin(), when: { amount: [{ currency: "eur", above: 5_000 }] } },
    allow(),
  );
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund(harness, purchase, { amount: 6_000 });
  const operatorId = (await harness.operator("admin")).id;
  await rejectRefund(harness.dependencies, { refundId: id, operatorId, note: "Used it.", correlationId });
  await harness.advance(30 * 24 * 60 * 60_000);
  const smaller = await askRefund(harness, purchase, { amount: 1_000 });
  expect(smaller).toMatchObject({ status: "awaiting_approval", approverRole: "approver" });
  expect(smaller.verdicts.at(-1)?.explanation).toBe(
    "Rule 2 allows it. But: a person has refused a refund of this purchase before.",
  );
  const person = { kind: "operator", id: "opr_sam" } as const;
  expect(await askRefund(harness, purchase, { amount: 1_000, requester: person })).toMatchObject({
    status: "approved",
  });
});

test("each verdict is kept with the version that judged and what it saw, and for ever", async () => {
  const app = await appWith(allow({ earlierRefunds: { withinDays: 30, count: { atMost: 0 } } }));
  const version = await newestVersion(app);
  const purchase = await harness.purchase({ app, customerEmail: "kept@example.com" });
  const { id } = await askRefund(harness, purchase, { amount: 2_000 });
  await driveRefund(harness, id);
  const seen = {
    policyVersionId: version,
    verdict: "allow",
    rule: 1,
    approverRole: null,
    explanation: "Rule 1 allows it.",
    facts: {
      amount: 2_000,
      currency: "eur",
      ageMs: expect.any(Number),
      product: null,
      reason: "requested_by_customer",
      requester: "agent",
      dispute: "none",
      earlierRefunds: [{ withinDays: 30, count: 0, amount: 0 }],
    },
  };
  const { verdicts } = await detail(id);
  expect(verdicts).toMatchObject([
    { ...seen, occasion: "request" },
    { ...seen, occasion: "execution" },
  ]);
  expect(JSON.stringify(verdicts)).not.toContain("kept@example.com");
  const { database } = harness.dependencies;
  const own = eq(refundVerdicts.refundId, id);
  await expect(database.update(refundVerdicts).set({ verdict: "ask" }).where(own)).rejects.toMatchObject({
    cause: { code: "23001" },
  });
  await expect(database.delete(refundVerdicts).where(own)).rejects.toMatchObject({
    cause: { code: "23001" },
  });
});

describe("a policy that is changed before the refund is sent", () => {
  test.each<[string, object[], "approver" | "admin", string]>([
    ["and covers it no more", [], "approver", "No rule of the policy covers it, so a person decides."],
    ["and asks an admin", [askAdmin()], "admin", "Rule 1 asks an admin."],
    ["and refuses it", [refuse({})], "admin", "Rule 1 refuses it: Sorry, no."],
  ])("%s: a person is asked and nothing is sent", async (_name, rules, approverRole, sentence) => {
    const app = await appWith(allow());
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await setRules(app, ...rules);
    expect(await execute(harness, id)).toBe("stopped");
    const refund = await detail(id);
    expect(refund).toMatchObject({ status: "awaiting_approval", approverRole, approval: null });
    expect(refund.verdicts.at(-1)).toMatchObject({
      occasion: "execution",
      policyVersionId: await newestVersion(app),
      explanation: sentence,
    });
    expect(refund.history.at(-1)).toMatchObject({
      details: { explanation: `The policy no longer permits it. ${sentence}` },
    });
    expect(await harness.stripeRefunds(purchase)).toEqual([]);
  });

  test("and still allows it: it runs, judged by the new version", async () => {
    const app = await appWith(allow());
    const { id } = await askRefund(harness, await harness.purchase({ app }));
    await setRules(app, allow({ requester: ["agent"] }));
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
    const { verdicts } = await detail(id);
    expect(verdicts.at(-1)).toMatchObject({ policyVersionId: await newestVersion(app) });
  });

  test("does not take back what a person approved", async () => {
    const app = await appWith();
    const { id } = await askRefund(harness, await harness.purchase({ app }));
    const operatorId = (await harness.operator("approver")).id;
    await approveRefund(harness.dependencies, { refundId: id, operatorId, correlationId });
    await setRules(app, refuse({}));
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  });
});

test("where the policy wants an admin, an approver may reject and not approve", async () => {
  const app = await appWith(askAdmin());
  const approver = (await harness.operator("approver")).id;
  const admin = (await harness.operator("admin")).id;
  const ask = async () => (await askRefund(harness, await harness.purchase({ app }))).id;
  const one = await ask();
  const decision = (refundId: string, operatorId: string) => ({ refundId, operatorId, correlationId });
  await expect(approveRefund(harness.dependencies, decision(one, approver))).rejects.toMatchObject({
    code: "permission_denied",
    details: { approverRole: "admin" },
  });
  expect(await detail(one)).toMatchObject({ status: "awaiting_approval", approverRole: "admin" });
  await approveRefund(harness.dependencies, decision(one, admin));
  expect(await driveRefund(harness, one)).toMatchObject({ status: "succeeded" });
  const two = await ask();
  await rejectRefund(harness.dependencies, { ...decision(two, approver), note: "Used it for a year" });
  expect(await detail(two)).toMatchObject({ status: "rejected" });
});

test.each<[string, object[], string | null]>([
  ["wants an admin by now", [askAdmin()], "admin"],
  ["refuses it by now", [refuse({})], "admin"],
  ["allows it by now", [allow()], null],
  ["still asks anybody", [], null],
])("an approval counts under the policy of its moment: it %s", async (_name, rules, role) => {
  const app = await appWith();
  const { id: refundId } = await askRefund(harness, await harness.purchase({ app }));
  await setRules(app, ...rules);
  const approve = async (as: "approver" | "admin") =>
    approveRefund(harness.dependencies, {
      refundId,
      operatorId: (await harness.operator(as)).id,
      correlationId,
    });
  if (role === null) {
    expect(await approve("approver")).toMatchObject({ status: "approved" });
  } else {
    const before = (await detail(refundId)).verdicts.length;
    await expect(approve("approver")).rejects.toMatchObject({
      code: "permission_denied",
      details: { approverRole: role },
    });
    expect((await detail(refundId)).verdicts).toHaveLength(before);
    expect(await approve("admin")).toMatchObject({ status: "approved" });
  }
  const { verdicts } = await detail(refundId);
  expect(verdicts.at(-1)).toMatchObject({ occasion: "approval", policyVersionId: await newestVersion(app) });
});

describe("the customer's earlier refunds", () => {
  const once = allow({ earlierRefunds: { withinDays: 30, count: { atMost: 0 } } });

  test("of other purchases of the app count, however the address is written, and only within the window", async () => {
    const app = await appWith(once);
    const ask = async (customerEmail?: string) =>
      askRefund(
        harness,
        await harness.purchase({ app, ...(customerEmail === undefined ? {} : { customerEmail }) }),
        { amount: 100 },
      );
    expect(await ask("often@example.com")).toMatchObject({ status: "approved" });
    expect(await ask("Often@Example.com")).toMatchObject({ status: "awaiting_approval" });
    expect(await ask("other@example.com")).toMatchObject({ status: "approved" });
    expect(await ask()).toMatchObject({ status: "awaiting_approval" });
    await harness.advance(29 * 24 * 60 * 60 * 1000);
    expect(await ask("often@example.com")).toMatchObject({ status: "awaiting_approval" });
    await harness.advance(31 * 24 * 60 * 60 * 1000);
    expect(await ask("often@example.com")).toMatchObject({ status: "approved" });
  });

  test("asked for at the same moment count as well: one of twelve passes", async () => {
    const app = await appWith(once);
    const many = await Promise.all(
      Array.from({ length: 12 }, () => harness.purchase({ app, customerEmail: "crowd@example.com" })),
    );
    const asked = await Promise.all(many.map((purchase) => askRefund(harness, purchase, { amount: 100 })));
    expect(asked.filter(({ status }) => status === "approved")).toHaveLength(1);
    const ran = await Promise.all(asked.map(({ id }) => driveRefund(harness, id)));
    expect(ran.filter(({ status }) => status === "succeeded").length).toBeLessThanOrEqual(1);
    expect(ran.every(({ status }) => status !== "rejected")).toBe(true);
  });

  test("are summed in the currency of the request", async () => {
    const amount = [
      { currency: "eur", atMost: 500 },
      { currency: "usd", atMost: 500 },
    ];
    const app = await appWith({
      when: {
        amount: amount.map(({ currency }) => ({ currency, atMost: 10_000 })),
        earlierRefunds: { withinDays: 30, amount },
      },
      verdict: "allow",
    });
    const ask = async (currency: string, asked: number) => {
      const purchase = await harness.purchase({ app, currency, customerEmail: "both@example.com" });
      return (await askRefund(harness, purchase, { amount: asked })).status;
    };
    expect(await ask("eur", 501)).toBe("approved");
    expect(await ask("eur", 100)).toBe("awaiting_approval");
    expect(await ask("usd", 500)).toBe("approved");
    expect(await ask("usd", 100)).toBe("approved");
    expect(await ask("usd", 100)).toBe("awaiting_approval");
  });
});

test("age, product and dispute are read from the purchase", async () => {
  const app = await appWith(
    refuse({ product: ["Certificate"] }),
    refuse({ dispute: ["lost"] }),
    askAdmin({ dispute: ["open"] }),
    allow({ ageInDays: { atMost: 14 } }),
  );
  const ask = async (changes: Partial<typeof purchases.$inferInsert>) => {
    const { id } = await harness.purchase({ app });
    const { database } = harness.dependencies;
    await database
      .update(purchases)
      .set({ productName: "Course", ...changes })
      .where(eq(purchases.id, id));
    const refund = await askRefund(harness, {
      id,
      currency: "eur",
      amount: 0,
      appId: "",
      accountId: "",
      chargeId: "",
    });
    return [refund.status, refund.approverRole];
  };
  const days = (count: number) => new Date(harness.clock.now().getTime() - count * 24 * 60 * 60 * 1000);
  expect(await ask({ purchasedAt: days(14) })).toEqual(["approved", "approver"]);
  expect(await ask({ purchasedAt: days(15) })).toEqual(["awaiting_approval", "approver"]);
  expect(await ask({ productName: " Certificate " })).toEqual(["rejected", "approver"]);
  expect(await ask({ disputeStatus: "warning_needs_response" })).toEqual(["awaiting_approval", "admin"]);
  expect(await ask({ disputeStatus: "lost" })).toEqual(["rejected", "approver"]);
  expect(await ask({ disputeStatus: "won" })).toEqual(["approved", "approver"]);
});

test("what policy would say is what it then says, and asking for it writes nothing", async () => {
  const budgets = [{ per: "agent", period: "day", limit: { amount: 3_000, currency: "eur" } }];
  const app = await harness.app();
  const rules = [refuse({ reason: ["duplicate"] }, "Not twice."), allow({}, 5_000)];
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules, budgets } });
  const purchase = await harness.purchase({ app });
  const preview = (units?: number, reason?: "duplicate") =>
    previewVerdict(harness.dependencies, {
      requester: testAgent,
      purchaseId: purchase.id,
      amount: units === undefined ? undefined : { amount: units, currency: "eur" },
      reason,
    });
  const before = await harness.dependencies.database.$count(refundVerdicts);
  expect(await preview()).toMatchObject({
    verdict: { kind: "ask", rule: null },
    amount: 10_000,
    currency: "eur",
  });
  expect(await preview(100, "duplicate")).toMatchObject({
    verdict: { kind: "refuse", reason: "Not twice." },
  });
  expect(await preview(3_000)).toMatchObject({ verdict: { kind: "allow", rule: 2 } });
  expect(await preview(3_001)).toMatchObject({
    verdict: { explanation: expect.stringContaining("has €30.00 left") },
  });
  await expect(preview(10_001)).rejects.toMatchObject({ code: "amount_exceeds_remaining" });
  expect(await harness.dependencies.database.$count(refundVerdicts)).toBe(before);
  const refund = await askRefund(harness, purchase, { amount: 3_000 });
  expect(refund).toMatchObject({ status: "approved" });
  expect(await preview(3_000)).toEqual({ repeats: refund.id });
  await expect(preview(1)).rejects.toMatchObject({ code: "request_open" });
  await execute(harness, refund.id);
  expect(await preview(1)).toMatchObject({ verdict: { kind: "ask", rule: 2 } });
});
