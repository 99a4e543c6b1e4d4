import { apiKeys, auditLogs } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { createOutbound } from "../outbound/outbound.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type Receiver, startReceiver, verifyMessage } from "../testing/receiver.ts";
import { createKey } from "./create-key.ts";
import { newKeySchema } from "./key-input.ts";
import { getKey } from "./key-view.ts";
import { revokeKey } from "./revoke-key.ts";
import { setKeyWebhook } from "./set-key-webhook.ts";

// An agent that waits for a decision is told of it: signed, with the same id at each attempt, and only while its key
// works. Nothing waits for it.
let harness: Harness;
let desk: EventDesk;
let receiver: Receiver;
let app: TestApp;
let owner: { id: string };
let approver: { id: string };
const correlationId = "cor_test";

beforeAll(async () => {
  receiver = await startReceiver();
  harness = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
  desk = createEventDesk(harness);
  // The policy of a new app asks for every refund.
  app = await harness.app({ approvalRules: [] });
  [owner, approver] = await Promise.all([harness.operator("admin"), harness.operator("approver")]);
});
afterAll(async () => {
  await receiver.close();
  await harness.close();
});
beforeEach(() => {
  receiver.messages.length = 0;
  receiver.answer({ status: 200 });
});

async function agentKey(url: string | null = receiver.url) {
  const made = newKeySchema.parse({ name: "Support bot" });
  const { key } = await createKey(desk.dependencies, { ...made, ownerId: owner.id, correlationId });
  const set = { keyId: key.id, operatorId: owner.id, url, correlationId };
  const { webhookSecret } = await setKeyWebhook(desk.dependencies, set);
  return { id: key.id, webhookSecret: webhookSecret ?? "" };
}

async function ask(keyId: string): Promise<string> {
  const purchase = await harness.purchase({ app });
  const { id } = await requestRefund(desk.dependencies, {
    purchaseId: purchase.id,
    requester: { kind: "agent", id: keyId, ownerId: owner.id },
    correlationId,
  });
  await desk.work();
  return id;
}

const decide = (refundId: string) => ({ refundId, operatorId: approver.id, correlationId });
const told = () => receiver.messages.map(({ body }) => JSON.parse(body));

test("of the decision and of what became of it, and not of its own request", async () => {
  const key = await agentKey();
  const refundId = await ask(key.id);
  expect(receiver.messages).toHaveLength(0);
  await approveRefund(desk.dependencies, decide(refundId));
  await desk.work();
  const statusUrl = `${desk.dependencies.settings.publicUrl}/api/v1/refunds/${refundId}`;
  const data = { refundId, statusUrl };
  expect(told()).toMatchObject([
    { type: "refund.updated", data: { ...data, status: "approved" } },
    { type: "refund.updated", data: { ...data, status: "succeeded" } },
  ]);
  expect(new Set(receiver.messages.map(({ id }) => id)).size).toBe(2);
  expect((await getKey(desk.dependencies, { keyId: key.id })).webhook).toMatchObject({ lastOutcome: "200" });
});

test("signed, tried again with the same id, and a rejection too", async () => {
  const key = await agentKey();
  const refundId = await ask(key.id);
  receiver.answer({ status: 503 }, { status: 200 });
  await rejectRefund(desk.dependencies, { ...decide(refundId), note: "not this one" });
  await desk.work();
  expect((await getKey(desk.dependencies, { keyId: key.id })).webhook).toMatchObject({ lastOutcome: "503" });
  await harness.advance(10_000);
  await desk.work();
  expect(told()).toMatchObject([{ data: { status: "rejected" } }, { data: { status: "rejected" } }]);
  const [first, second] = receiver.messages;
  if (!first || !second) throw new Error("it was not told twice");
  expect(first.id).toBe(second.id);
  expect(second.timestamp).toBeGreaterThan(first.timestamp);
  for (const message of [first, second]) {
    vi.setSystemTime(message.timestamp * 1000);
    expect(verifyMessage(key.webhookSecret, message)).toMatchObject({ data: { refundId } });
    const other = await agentKey(null);
    expect(() => verifyMessage(other.webhookSecret || "whsec_AAAA", message)).toThrow();
    vi.useRealTimers();
  }
});

test("not with a key that has ended, nor where no address is set", async () => {
  const ended = await agentKey();
  const silent = await agentKey(null);
  const refundIds = [await ask(ended.id), await ask(silent.id)];
  for (const refundId of refundIds) await approveRefund(desk.dependencies, decide(refundId));
  await revokeKey(desk.dependencies, { keyId: ended.id, operatorId: owner.id, correlationId });
  await desk.work();
  expect(receiver.messages).toHaveLength(0);
});

test("where to is said by the key's owner alone, and stands in the log; its secret does not", async () => {
  const key = await agentKey();
  const change = { keyId: key.id, operatorId: approver.id, url: "https://evil.example", correlationId };
  await expect(setKeyWebhook(desk.dependencies, change)).rejects.toMatchObject({ code: "permission_denied" });
  const { database } = desk.dependencies;
  const kept = JSON.stringify([
    await database.select().from(apiKeys),
    await database.select().from(auditLogs),
  ]);
  expect(kept).not.toContain(key.webhookSecret.slice("whsec_".length));
  const entries = await database
    .select({ after: auditLogs.after, details: auditLogs.details })
    .from(auditLogs)
    .where(and(eq(auditLogs.action, "api_key_webhook_set"), eq(auditLogs.actorId, owner.id)));
  expect(entries).toContainEqual({ after: { webhookUrl: receiver.url }, details: { keyId: key.id } });
});

test("an inward address is refused when it is called, and nothing else waits for it", async () => {
  const strict = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: false }) });
  const inward = createEventDesk(strict);
  const admin = await strict.operator("admin");
  const made = newKeySchema.parse({ name: "bot" });
  const { key } = await createKey(inward.dependencies, { ...made, ownerId: admin.id, correlationId });
  const set = { keyId: key.id, operatorId: admin.id, url: receiver.url, correlationId };
  await setKeyWebhook(inward.dependencies, set);
  const purchase = await strict.purchase({ app: await strict.app({ approvalRules: [] }) });
  const requester = { kind: "agent", id: key.id, ownerId: admin.id } as const;
  const asked = { purchaseId: purchase.id, requester, correlationId };
  const { id: refundId } = await requestRefund(inward.dependencies, asked);
  const { id: operatorId } = await strict.operator("approver");
  await approveRefund(inward.dependencies, { refundId, operatorId, correlationId });
  await inward.work();
  expect(receiver.messages).toHaveLength(0);
  expect((await getKey(inward.dependencies, { keyId: key.id })).webhook?.lastOutcome).toBe("address_refused");
  await strict.close();
});
