import { operatorRoles } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { releaseRefunds, stopRefunds } from "../apps/stop-refunds.ts";
import { deactivate } from "../operators/deactivate.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { askRefund, driveRefund, execute } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { getRefund } from "./get-refund.ts";

// Invariant 2: an approval that waits before its first call is worth nothing once its approver may not approve any more.
const correlationId = "cor_test";
let harness: Harness;
let app: TestApp;
let admin: string;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  admin = (await harness.operator("admin")).id;
  const rules = [{ when: {}, verdict: "ask", approvers: 2, role: "approver" }];
  const actor = { kind: "operator", id: admin } as const;
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules } });
});
afterAll(() => harness.close());

/** A refund that two people have approved and that the switch of the app holds back. */
async function heldBack() {
  const { dependencies } = harness;
  const purchase = await harness.purchase({ app });
  const { id: refundId } = await askRefund(harness, purchase);
  const people = [await harness.operator("approver"), await harness.operator("approver")].map(({ id }) => id);
  for (const operatorId of people) await approveRefund(dependencies, { refundId, operatorId, correlationId });
  const actor = { kind: "operator", id: admin } as const;
  await stopRefunds(dependencies, { slug: app.slug, reason: "Looking into it.", actor, correlationId });
  expect(await execute(harness, refundId)).toBe("stopped");
  const release = () => releaseRefunds(dependencies, { slug: app.slug, actor, correlationId });
  return { purchase, refundId, people, release };
}

test.each([
  [
    "deactivated",
    (operatorId: string) =>
      deactivate(harness.dependencies, {
        operatorId,
        actor: { kind: "operator", id: admin },
        correlationId,
      }),
  ],
  [
    "without a role",
    (operatorId: string) =>
      harness.dependencies.database.delete(operatorRoles).where(eq(operatorRoles.operatorId, operatorId)),
  ],
])("whoever of two approved first is %s: it is asked anew, and then runs once", async (_name, fall) => {
  const { purchase, refundId, people, release } = await heldBack();
  await fall(people[0] ?? "");
  await release();
  expect(await execute(harness, refundId)).toBe("stopped");
  const refund = await getRefund(harness.dependencies, { refundId });
  expect(refund).toMatchObject({ status: "awaiting_approval", approversNeeded: 2, attempts: [] });
  expect(refund.history.find(({ details }) => details.approvedBy === "operator")).toMatchObject({
    details: { explanation: "Somebody who approved it may not approve it any more." },
  });
  expect(await harness.stripeRefunds(purchase)).toEqual([]);

  const others = [people[1] ?? "", admin];
  for (const operatorId of others) {
    await approveRefund(harness.dependencies, { refundId, operatorId, correlationId });
  }
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});

test("all of them still may: it runs as approved", async () => {
  const { purchase, refundId, release } = await heldBack();
  await release();
  expect(await driveRefund(harness, refundId)).toMatchObject({ status: "succeeded" });
  expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
});
