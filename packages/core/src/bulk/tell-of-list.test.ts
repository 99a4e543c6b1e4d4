import { outboxMessages, slackMessages } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Dependencies, MailMessage } from "../dependencies.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { testRequester } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type SlackStandIn, slackChannel, startSlackStandIn } from "../testing/slack-stand-in.ts";
import { getBulk } from "./bulk-view.ts";
import { rejectBulk } from "./decide-bulk.ts";
import { requestBulk } from "./request-bulk.ts";
import { withdrawBulk } from "./steer-bulk.ts";

// Guarantee: whoever may approve a list learns once that it waits, with what they have to know, and is led to its page:
// nothing in Slack or in a message decides it. Through the outbox and the workflow, against Slack's wire format.
let harness: Harness;
let standIn: SlackStandIn;
let desk: EventDesk;
let dependencies: Dependencies;
let app: TestApp;
let approver: string;
const sent: MailMessage[] = [];
const correlationId = "cor_test";

beforeAll(async () => {
  harness = await startHarness();
  standIn = await startSlackStandIn();
  const mail = { way: "smtp" as const, send: async (message: MailMessage) => void sent.push(message) };
  dependencies = { ...harness.dependencies, mail, slack: standIn.slack };
  desk = createEventDesk({ ...harness, dependencies });
  app = await harness.app();
  approver = (await harness.operator("approver")).id;
  await harness.operator("viewer");
});
afterAll(async () => {
  await standIn.close();
  await harness.close();
});
beforeEach(() => {
  sent.length = 0;
});

async function asked(options: { note?: string; ownerId?: string } = {}): Promise<string> {
  const euros = await harness.purchase({ app });
  const more = await harness.purchase({ app });
  const pounds = await harness.purchase({ app, currency: "gbp", amount: 3_000 });
  const { note, ownerId } = options;
  const requester = ownerId ? ({ kind: "agent", id: "key_bot", ownerId } as const) : testRequester;
  const rows = [euros, more, pounds, { id: "pur_unknown" }].map(({ id }) => ({ purchase: id }));
  const { bulkRefundId } = await requestBulk(dependencies, {
    ...{ appId: app.id, source: { kind: "rows" as const, rows }, requester, correlationId },
    ...(note === undefined ? {} : { note }),
  });
  await desk.work();
  return bulkRefundId;
}

const messagesAbout = (id: string) =>
  standIn.messages().filter(({ blocks }) => JSON.stringify(blocks).includes(id));
const readers = () => sent.map(({ to }) => to);
const url = (id: string) => `http://127.0.0.1:3000/bulk-refunds/${id}`;

/** What was told of a list comes back, as from an engine that lost its memory. */
async function handleAgain(bulkRefundId: string): Promise<void> {
  await dependencies.database
    .update(outboxMessages)
    .set({ completedAt: null, sendAt: sql`now() - interval '1 day'` })
    .where(eq(outboxMessages.factKey, `bulk.told:${bulkRefundId}:asked`));
  await desk.work();
}

test("a list that waits is told in Slack and by mail: how many, how much of each currency, who and why", async () => {
  const id = await asked({ note: "The workshop <!channel> was cancelled" });
  const [message, ...others] = messagesAbout(id);
  expect(others).toEqual([]);
  expect(message?.channel).toBe(slackChannel);
  expect(readers()).toEqual([`${approver}@example.com`]);
  const text = JSON.stringify(message?.blocks);
  for (const fact of [
    "3 refunds asked for as one list",
    "Together: €200.00, £30.00",
    "Left out: 1 line",
    "Reason: requested by customer",
    "Asked for by: ",
  ]) {
    expect(text).toContain(fact);
    expect(`${sent[0]?.subject}\n${sent[0]?.text}`).toContain(fact);
  }
  expect(text).toContain("Note: The workshop &lt;!channel&gt; was cancelled");
  expect(sent[0]?.text.match(/https?:\S+/g)).toEqual([url(id)]);
  // Nothing to press but a link: no button has a value that could decide.
  const buttons = message?.blocks.flatMap(({ elements }) => (Array.isArray(elements) ? elements : []));
  expect(buttons).toEqual([expect.objectContaining({ type: "button", url: url(id) })]);
  expect(text).not.toContain('"value"');
});

test("it is told once, however often it is handled, and the owner of an agent's key is not written to", async () => {
  const other = (await harness.operator("approver")).id;
  const id = await asked({ ownerId: other });
  expect(readers()).toEqual([`${approver}@example.com`]);
  await handleAgain(id);
  expect(readers()).toHaveLength(1);
  expect(messagesAbout(id)).toHaveLength(1);
});

test("a list for admins is not sent to approvers", async () => {
  const strict = await harness.app();
  const rules = [{ when: {}, verdict: "ask", role: "admin" }];
  const actor = { kind: "operator", id: "opr_admin" } as const;
  await setPolicy(dependencies, { actor, owner: strict, policy: { rules } });
  app = strict;
  await asked();
  expect(readers()).toEqual([]);
  const admin = (await harness.operator("admin")).id;
  await asked();
  expect(readers()).toEqual([`${admin}@example.com`]);
});

test("once it is decided or taken back, the message in Slack says so and nobody is written to", async () => {
  app = await harness.app();
  const rejected = await asked();
  const { listHash } = await getBulk(dependencies, { bulkRefundId: rejected });
  sent.length = 0;
  const decision = { bulkRefundId: rejected, operatorId: approver, correlationId, note: "It took place." };
  await rejectBulk(dependencies, { ...decision, listHash: listHash ?? "" });
  await desk.work();
  expect(messagesAbout(rejected)).toHaveLength(1);
  expect(JSON.stringify(messagesAbout(rejected)[0]?.blocks)).toMatch(/Rejected by .*It took place\./);
  const withdrawn = await asked();
  sent.length = 0;
  await withdrawBulk(dependencies, { bulkRefundId: withdrawn, actor: testRequester, correlationId });
  await desk.work();
  expect(JSON.stringify(messagesAbout(withdrawn)[0]?.blocks)).toContain("Taken back by whoever asked.");
  expect(readers()).toEqual([]);
});

test("Slack away for a while holds nothing up: the list is told later, once", async () => {
  standIn.fail("chat.postMessage", { kind: "unavailable" });
  const id = await asked();
  expect((await getBulk(dependencies, { bulkRefundId: id })).status).toBe("awaiting_approval");
  expect(messagesAbout(id)).toEqual([]);
  await harness.advance(60_000);
  await desk.work();
  expect(messagesAbout(id)).toHaveLength(1);
  const rows = await dependencies.database
    .select({ shows: slackMessages.shownStatus })
    .from(slackMessages)
    .where(eq(slackMessages.bulkRefundId, id));
  expect(rows).toEqual([{ shows: "awaiting_approval" }]);
});
