import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentGrants } from "../actor.ts";
import { createKey } from "../keys/create-key.ts";
import { newKeySchema } from "../keys/key-input.ts";
import { readGrants } from "../operators/grants.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { tools } from "./tools.ts";

// What agents can do, each with its permission and the app that it is about.
let harness: Harness;
let app: TestApp;
let other: TestApp;
let agent: AgentGrants;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 2_000, currency: "eur" }] });
  other = await harness.app();
  const owner = await harness.operator("admin");
  const { key } = await createKey(harness.dependencies, {
    ...newKeySchema.parse({ name: "Support bot", apps: [app.slug] }),
    ownerId: owner.id,
    correlationId: "cor_test",
  });
  const { id, permissions } = key;
  agent = { id, permissions, appIds: [app.id], owner: await readGrants(harness.dependencies, owner.id) };
});
afterAll(() => harness.close());

function call(name: string, input: unknown, by: AgentGrants = agent): Promise<object> {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.call(harness.dependencies, input, { agent: by, correlationId: "cor_tool" });
}

test("there are these, and none decides", () => {
  expect(tools.map(({ name, permission, changes }) => [name, permission, changes])).toEqual([
    ["findPurchases", "purchases.read", false],
    ["getPurchase", "purchases.read", false],
    ["getRefundPolicy", "purchases.read", false],
    ["processRefund", "refunds.request", true],
    ["getRefund", "refunds.read", false],
    ["cancelRefundRequest", "refunds.withdraw", true],
  ]);
  for (const { inputSchema } of tools) {
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
  }
});

test("from finding the purchase to taking the request back", async () => {
  const purchase = await harness.purchase({ app });
  expect(await call("findPurchases", { query: purchase.chargeId })).toMatchObject({
    purchases: [{ purchaseId: purchase.id, app: app.slug, amountLeft: 10_000, currency: "eur" }],
    nextCursor: null,
  });
  const asked = await call("processRefund", { purchaseId: purchase.id, amount: 2_001, requestId: "t-1" });
  expect(asked).toMatchObject({ status: "awaiting_approval", amount: 2_001 });
  expect(asked).toHaveProperty("statusUrl", expect.stringContaining("/api/v1/refunds/rfd_"));
  expect(
    await call("processRefund", { purchaseId: purchase.id, amount: 2_001, requestId: "t-2" }),
  ).toMatchObject({ ...asked, repeated: true });
  expect(await call("getPurchase", { purchaseId: purchase.id })).toMatchObject({
    amountLeft: 7_999,
    refunds: [{ amount: 2_001, status: "awaiting_approval" }],
  });
  const refundId = "refundId" in asked ? asked.refundId : undefined;
  expect(await call("getRefund", { refundId })).toMatchObject({ refundId, decision: null });
  for (let time = 0; time < 2; time++) {
    expect(await call("cancelRefundRequest", { refundId })).toMatchObject({ refundId, status: "withdrawn" });
  }
});

test("another app's purchase and refund do not exist for it", async () => {
  const foreign = await harness.purchase({ app: other });
  const found = call("findPurchases", { query: foreign.chargeId });
  expect(await found).toEqual({ purchases: [], nextCursor: null });
  for (const name of ["getPurchase", "getRefundPolicy", "processRefund"]) {
    await expect(call(name, { purchaseId: foreign.id })).rejects.toMatchObject({
      code: "purchase_not_found",
    });
  }
  const everywhere = { ...agent, appIds: "all" } as const;
  const asked = await call("processRefund", { purchaseId: foreign.id }, everywhere);
  const refundId = "refundId" in asked ? asked.refundId : undefined;
  for (const name of ["getRefund", "cancelRefundRequest"]) {
    await expect(call(name, { refundId })).rejects.toMatchObject({ code: "refund_not_found" });
  }
});

test.each([
  ["findPurchases", { query: "x" }],
  ["getPurchase", { purchaseId: "pur_any" }],
  ["getRefundPolicy", { purchaseId: "pur_any" }],
  ["processRefund", { purchaseId: "pur_any" }],
  ["getRefund", { refundId: "rfd_any" }],
  ["cancelRefundRequest", { refundId: "rfd_any" }],
])("%s needs its permission, and the owner's at that moment", async (name, input) => {
  const powerless = { ...agent.owner, roles: { all: null, byApp: {} } };
  const without: AgentGrants[] = [
    { ...agent, permissions: [] },
    { ...agent, owner: powerless },
  ];
  for (const by of without) {
    await expect(call(name, input, by)).rejects.toMatchObject({ code: "permission_denied" });
  }
});

test.each([
  ["findPurchases", {}],
  ["findPurchases", { query: "x", appIds: "all" }],
  ["getRefund", { refundId: "" }],
  ["processRefund", { purchaseId: "pur_1", approvalId: "apr_1" }],
  ["cancelRefundRequest", null],
])("%s refuses %o as input", async (name, input) => {
  await expect(call(name, input)).rejects.toMatchObject({ code: "invalid_input" });
});
