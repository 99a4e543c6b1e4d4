import { outboxMessages } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import type { Dependencies, MailMessage } from "../dependencies.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { setApprovalMail } from "./approval-mail-setting.ts";
import { rejectRefund } from "./reject-refund.ts";
import { tellApprovers } from "./tell-approvers.ts";

// Guarantee: who may approve a request is written to once an occasion, the requester never, and nothing in the
// message decides anything.
let harness: Harness;
let desk: EventDesk;
let dependencies: Dependencies;
let app: TestApp;
let requester: Requester;
let approver: string;
const sent: MailMessage[] = [];

beforeAll(async () => {
  harness = await startHarness();
  const mail = { way: "smtp" as const, send: async (message: MailMessage) => void sent.push(message) };
  dependencies = { ...harness.dependencies, mail };
  desk = createEventDesk({ ...harness, dependencies });
  app = await harness.app();
  requester = { kind: "operator", id: (await harness.operator("admin")).id };
  approver = (await harness.operator("approver")).id;
  await harness.operator("viewer");
  await harness.operator("agent");
});
afterAll(() => harness.close());
beforeEach(() => {
  sent.length = 0;
});

const correlationId = "cor_test";
const emailOf = (id: string) => `${id}@example.com`;
const readers = () => sent.map(({ to }) => to);

async function asked(by: Requester = requester): Promise<string> {
  const purchase = await harness.purchase({ app, customerEmail: "ada@example.com" });
  const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester: by });
  await desk.work();
  return id;
}

test("those who may approve are told the facts, and nobody else", async () => {
  const refundId = await asked();
  expect(readers()).toEqual([emailOf(approver)]);
  const [message] = sent;
  expect(message?.subject).toBe("App 1: refund of €100.00 asked for");
  for (const fact of [
    "Customer: ",
    "ada@example.com",
    "Amount: €100.00",
    "Policy: ",
    "Earlier refunds",
    "Asked for by: ",
  ]) {
    expect(message?.text).toContain(fact);
  }
  // The page of the request is all that it leads to.
  expect(message?.text.match(/https?:\S+/g)).toEqual([`http://127.0.0.1:3000/refunds/${refundId}`]);
});

test("the owner of an agent's key is not told of what the agent asks", async () => {
  await asked({ kind: "agent", id: "key_1", ownerId: approver });
  expect(readers()).not.toContain(emailOf(approver));
  expect(readers()).toHaveLength(1);
});

test("each occasion is told once, however often it is handled", async () => {
  const refundId = await asked();
  for (const number of [1, 1, 2]) {
    await dependencies.database.transaction((transaction) =>
      tellApprovers(dependencies, transaction, { refundId, occasion: "reminder", number }),
    );
    await desk.work();
  }
  // An engine that lost its memory handles all of them again.
  await dependencies.database
    .update(outboxMessages)
    .set({ completedAt: null, sendAt: sql`now() - interval '1 day'` })
    .where(eq(outboxMessages.name, "approval/told.due"));
  await desk.work();
  expect(readers()).toEqual([emailOf(approver), emailOf(approver), emailOf(approver)]);
});

test("whoever switched it off, and a request that was decided meanwhile, get none", async () => {
  await setApprovalMail(dependencies, { operatorId: approver, wanted: false, correlationId });
  await asked();
  expect(readers()).toEqual([]);
  await setApprovalMail(dependencies, { operatorId: approver, wanted: true, correlationId });
  const purchase = await harness.purchase({ app });
  const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
  await rejectRefund(dependencies, { refundId: id, operatorId: approver, note: "Used it", correlationId });
  await desk.work();
  expect(readers()).toEqual([]);
});
