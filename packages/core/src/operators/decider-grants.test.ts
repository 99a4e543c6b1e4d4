import { operators } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { setDeskSetting } from "./single-admin.ts";

// Where the desk requires a second factor, nobody without one decides, by whichever door: Slack has no session to refuse.
const correlationId = "cor_test";
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test("without the second factor that the desk requires nobody decides; with it they do", async () => {
  const { dependencies } = harness;
  const operatorId = (await harness.operator("approver")).id;
  const { id: refundId } = await askRefund(harness, await harness.purchase({ app: await harness.app() }));
  const actor = { kind: "operator", id: (await harness.operator("admin")).id } as const;
  await setDeskSetting(dependencies, { key: "second_factor_required", value: true, actor, correlationId });
  const decision = { refundId, operatorId, correlationId };
  await expect(approveRefund(dependencies, decision)).rejects.toMatchObject({ code: "permission_denied" });
  await expect(rejectRefund(dependencies, { ...decision, note: "No" })).rejects.toMatchObject({
    code: "permission_denied",
  });
  await dependencies.database
    .update(operators)
    .set({ twoFactorEnabled: true })
    .where(eq(operators.id, operatorId));
  expect(await approveRefund(dependencies, decision)).toMatchObject({ status: "approved" });
});
