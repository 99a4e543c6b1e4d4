import { afterAll, beforeAll, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import { approveRefund } from "../approvals/approve-refund.ts";
import { createKey } from "../keys/create-key.ts";
import { newKeySchema } from "../keys/key-input.ts";
import { revokeKey } from "../keys/revoke-key.ts";
import { activate, deactivate } from "../operators/deactivate.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { getRefund } from "./get-refund.ts";

// Who is no longer trusted is paid nothing on the policy's word alone, however early they asked.
const correlationId = "cor_test";
let harness: Harness;
let app: TestApp;
let admin: string;
let owner: string;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
  [admin, owner] = [(await harness.operator("admin")).id, (await harness.operator("admin")).id];
});
afterAll(() => harness.close());

async function allowed(requester: Requester) {
  const purchase = await harness.purchase({ app });
  const { id, status } = await askRefund(harness, purchase, { requester });
  expect(status).toBe("approved");
  return { purchase, id };
}

async function agent() {
  const input = newKeySchema.parse({ name: "Support bot" });
  const { key } = await createKey(harness.dependencies, { ...input, ownerId: owner, correlationId });
  return { keyId: key.id, requester: { kind: "agent", id: key.id, ownerId: owner } as const };
}

async function expectAsked(id: string, explanation: string) {
  expect(await execute(harness, id)).toBe("stopped");
  const refund = await getRefund(harness.dependencies, { refundId: id });
  expect(refund).toMatchObject({ status: "awaiting_approval", attempts: [] });
  expect(
    refund.history.find(({ action, details }) => action === "approval_awaited" && details.approvedBy),
  ).toMatchObject({ details: { approvedBy: "policy", explanation } });
}

test("what a key asked for before it was revoked waits for a person, and then runs once", async () => {
  const { keyId, requester } = await agent();
  const { purchase, id } = await allowed(requester);
  await revokeKey(harness.dependencies, { keyId, operatorId: admin, correlationId });
  await expectAsked(id, "The key that asked for it was revoked.");
  expect(await harness.stripeRefunds(purchase)).toEqual([]);
  await approveRefund(harness.dependencies, { refundId: id, operatorId: admin, correlationId });
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("so does what a person, or a key of theirs, asked for before they were deactivated", async () => {
  const actor = { kind: "operator", id: admin } as const;
  const asked = [await allowed({ kind: "operator", id: owner }), await allowed((await agent()).requester)];
  await deactivate(harness.dependencies, { operatorId: owner, actor, correlationId });
  for (const { id } of asked) await expectAsked(id, "Who asked for it, or answers for it, was deactivated.");
  await activate(harness.dependencies, { operatorId: owner, actor, correlationId });
  const { id } = await allowed({ kind: "operator", id: owner });
  expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
});
