import { auditLogs, outboxMessages, purchases, refunds, slackMessages } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Requester } from "../actor.ts";
import { approveRefund } from "../approvals/approve-refund.ts";
import { takeBackEndorsement } from "../approvals/take-back-endorsement.ts";
import { tellApprovers } from "../approvals/tell-approvers.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { setPolicy } from "../policy/set-policy.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { withdrawRefund } from "../refunds/withdraw-refund.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import {
  type SlackMessage,
  type SlackStandIn,
  signInteraction,
  slackChannel,
  slackClick,
  slackForm,
  slackTeam,
  startSlackStandIn,
} from "../testing/slack-stand-in.ts";
import { answerInteraction } from "./answer-interaction.ts";
import { createLinkCode, linkSlackUser, unlinkSlackUser } from "./link-identity.ts";
import { fieldId, viewIds } from "./modals.ts";
import { actionIds } from "./request-message.ts";

// Guarantees: whoever may approve is shown what they need, a click decides exactly what was shown with the rights of
// the operator behind it, once, and Slack being away holds up nothing. All against Slack's wire format.
let harness: Harness;
let standIn: SlackStandIn;
let desk: EventDesk;
let dependencies: Dependencies;
let app: TestApp;
let requester: Requester;

beforeAll(async () => {
  harness = await startHarness();
  standIn = await startSlackStandIn();
  dependencies = { ...harness.dependencies, slack: standIn.slack };
  desk = createEventDesk({ ...harness, dependencies });
  app = await harness.app();
  requester = { kind: "operator", id: (await harness.operator("agent")).id };
});
afterAll(async () => {
  await standIn.close();
  await harness.close();
});
beforeEach(() => {
  standIn.calls.length = 0;
});

const correlationId = "cor_test";

async function asked(options: { note?: string; email?: string; app?: TestApp } = {}) {
  const purchase = await harness.purchase({
    app: options.app ?? app,
    customerEmail: options.email ?? "ada@example.com",
  });
  const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
  if (options.note !== undefined) await setNote(id, options.note);
  await desk.work();
  return { refundId: id, message: messageAbout(id), purchase };
}

async function setNote(refundId: string, note: string): Promise<void> {
  await dependencies.database.update(refunds).set({ note }).where(eq(refunds.id, refundId));
}

function messagesAbout(refundId: string): SlackMessage[] {
  return standIn.messages().filter(({ blocks }) => JSON.stringify(blocks).includes(refundId));
}

function messageAbout(refundId: string): SlackMessage {
  const [message] = messagesAbout(refundId);
  if (!message) throw new Error(`nothing about ${refundId} is in Slack`);
  return message;
}

function buttonValue({ blocks }: SlackMessage): string {
  return /"value":"([^"]+)"/.exec(JSON.stringify(blocks))?.[1] ?? "";
}

const hasButtons = (message: SlackMessage) => JSON.stringify(message.blocks).includes(actionIds.approve);

/** A user of Slack who is an operator of the desk. */
async function linked(role: Parameters<Harness["operator"]>[0]) {
  const { id: operatorId } = await harness.operator(role);
  const userId = `U${newId(dependencies.random, "role").slice(4, 14).toUpperCase()}`;
  const { code } = await createLinkCode(dependencies, { operatorId });
  await linkSlackUser(dependencies, { teamId: slackTeam, userId, code, correlationId });
  return { operatorId, userId };
}

async function send(payload: object, now = harness.clock.now(), secret?: string) {
  const answer = await answerInteraction(dependencies, signInteraction(payload, now, secret));
  await answer.after;
  await desk.work();
  return answer;
}

const click = (message: SlackMessage, userId: string, actionId: string = actionIds.approve) =>
  send(slackClick({ actionId, value: buttonValue(message) }, message, userId));

const statusOf = async (refundId: string) => (await getRefund(dependencies, { refundId })).status;
const ephemerals = () => standIn.calls.filter(({ method }) => method === "chat.postEphemeral");

describe("a request in Slack", () => {
  test("states what an approver has to know, in the app's channel", async () => {
    const { message, refundId } = await asked({ email: "facts@example.com", note: "wrong size" });
    expect(message.channel).toBe(slackChannel);
    const text = JSON.stringify(message.blocks);
    for (const fact of [
      "App: App 1",
      "Amount: €100.00 of €100.00",
      "Customer: ",
      "facts@example.com",
      "Product: ",
      "Bought: less than a day ago",
      "Reason: requested by customer",
      "Asked for by: Operator",
      "Earlier refunds of this customer: none",
      "Policy: ",
      "Note: wrong size",
      `http://127.0.0.1:3000/refunds/${refundId}`,
    ]) {
      expect(text).toContain(fact);
    }
    const again = await asked({ email: "facts@example.com" });
    expect(JSON.stringify(again.message.blocks)).toContain("Earlier refunds of this customer: 1 (€100.00)");
  });

  test("shows hostile text as text: no mention, no link, no line of its own", async () => {
    const { message } = await asked({
      note: "<!channel> <https://evil.example|Approve> & *x*\nAmount: €1\u202E",
    });
    const note = message.blocks.find((block) => JSON.stringify(block).includes("Note: "));
    expect(note).toMatchObject({
      text: {
        type: "plain_text",
        emoji: false,
        text: "Note: &lt;!channel&gt; &lt;https://evil.example|Approve&gt; &amp; *x* Amount: €1 ",
      },
    });
    expect(JSON.stringify(message.blocks)).not.toContain("mrkdwn");
    expect(standIn.calls[0]?.arguments).toMatchObject({ parse: "none", link_names: "false" });
  });

  test("is not shown once it is decided before Slack could be told", async () => {
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
    await withdrawRefund(dependencies, { refundId: id, actor: requester, correlationId });
    await desk.work();
    expect(messagesAbout(id)).toEqual([]);
  });
});

describe("a click", () => {
  test("approves with the operator's own rights, and the message loses its buttons", async () => {
    const { message, refundId, purchase } = await asked();
    const { operatorId, userId } = await linked("approver");
    await click(message, userId);
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
    const { approval, history } = await getRefund(dependencies, { refundId });
    expect(approval).toMatchObject({ decision: "approved", decidedBy: { kind: "operator", id: operatorId } });
    expect(history.find(({ action }) => action === "refund_approved")?.details).toMatchObject({
      via: "slack",
    });
    const after = messageAbout(refundId);
    expect(hasButtons(after)).toBe(false);
    expect(JSON.stringify(after.blocks)).toContain("Approved by Operator");
  });

  test("of one where two are needed is shown to the other, also when it is taken back", async () => {
    const two = await harness.app();
    const owner = { slug: two.slug };
    const policy = { rules: [{ when: {}, verdict: "ask", approvers: 2 }] };
    await setPolicy(dependencies, { actor: { kind: "operator", id: "opr_1" }, owner, policy });
    const [first, second] = [await linked("approver"), await linked("admin")];
    const { message, refundId } = await asked({ app: two });
    const shown = () => JSON.stringify(messageAbout(refundId).blocks);
    expect(shown()).toContain("Approved: 0 of 2");
    await click(message, first.userId);
    expect(shown()).toMatch(/Approved: 1 of 2: \w+/);
    expect(hasButtons(messageAbout(refundId))).toBe(true);
    await takeBackEndorsement(dependencies, { refundId, operatorId: first.operatorId, correlationId });
    await desk.work();
    expect(shown()).toContain("Approved: 0 of 2");
    await click(message, first.userId);
    await click(message, second.userId);
    expect(await statusOf(refundId)).toBe("succeeded");
    expect(shown()).toMatch(/Approved: 2 of 2: [^"]+, /);
  });

  test("twice, replayed or by two people has one effect", async () => {
    const { message, refundId, purchase } = await asked();
    const [first, second] = [await linked("approver"), await linked("admin")];
    const request = signInteraction(
      slackClick({ actionId: actionIds.approve, value: buttonValue(message) }, message, first.userId),
      harness.clock.now(),
    );
    await Promise.all(Array.from({ length: 10 }, () => answerInteraction(dependencies, request)));
    await click(message, second.userId);
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
    expect(
      await dependencies.database.$count(
        auditLogs,
        and(eq(auditLogs.refundId, refundId), eq(auditLogs.action, "refund_approved")),
      ),
    ).toBe(1);
    expect(ephemerals().at(-1)?.arguments).toMatchObject({
      user: second.userId,
      text: "Somebody has decided this request already. Look at its history.",
    });
  });

  test.each([
    ["a viewer", "viewer", "Your role does not allow this."],
    ["an agent of the desk", "agent", "Your role does not allow this."],
  ] as const)("of %s decides nothing and says why to them alone", async (_who, role, sentence) => {
    const { message, refundId } = await asked();
    const { userId } = await linked(role);
    await click(message, userId);
    expect(await statusOf(refundId)).toBe("awaiting_approval");
    expect(ephemerals()[0]?.arguments).toMatchObject({
      user: userId,
      text: expect.stringContaining(sentence),
    });
  });

  test("on one's own request decides nothing", async () => {
    const { userId, operatorId } = await linked("admin");
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund({ ...harness, dependencies }, purchase, {
      requester: { kind: "operator", id: operatorId },
    });
    await desk.work();
    await click(messageAbout(id), userId);
    expect(await statusOf(id)).toBe("awaiting_approval");
    expect(JSON.stringify(ephemerals())).toContain("Somebody else has to approve it");
  });

  test("on a request that is not what was shown, or lapsed, decides nothing", async () => {
    const { message, refundId } = await asked();
    const { userId } = await linked("approver");
    const { message: other } = await asked();
    const forged = `${refundId}.${buttonValue(other).split(".")[1]}`;
    await send(slackClick({ actionId: actionIds.approve, value: forged }, message, userId));
    expect(JSON.stringify(ephemerals())).toContain("not what you were shown");
    expect(await statusOf(refundId)).toBe("awaiting_approval");
    await harness.advance(15 * 24 * 60 * 60 * 1000);
    await click(message, userId);
    expect(JSON.stringify(ephemerals())).toContain("This request has lapsed");
    expect(await statusOf(refundId)).toBe("awaiting_approval");
  });

  test("by an unknown user asks who they are, and decides nothing", async () => {
    const { message, refundId } = await asked();
    await click(message, "U0UNKNOWN");
    expect(await statusOf(refundId)).toBe("awaiting_approval");
    expect(standIn.calls.at(-1)).toMatchObject({
      method: "views.open",
      arguments: { view: { callback_id: viewIds.link } },
    });
  });

  test("of somebody whose link was taken away decides nothing", async () => {
    const { message, refundId } = await asked();
    const { userId, operatorId } = await linked("approver");
    const actor = { kind: "operator", id: operatorId } as const;
    await unlinkSlackUser(dependencies, { teamId: slackTeam, userId, operatorId, actor, correlationId });
    await click(message, userId);
    expect(await statusOf(refundId)).toBe("awaiting_approval");
  });
});

describe("a rejection", () => {
  test("asks for its reason in a form, and keeps it", async () => {
    const { message, refundId } = await asked();
    const { userId } = await linked("approver");
    await click(message, userId, actionIds.reject);
    const opened = standIn.calls.at(-1);
    expect(opened).toMatchObject({
      method: "views.open",
      arguments: { view: { callback_id: viewIds.reject, private_metadata: buttonValue(message) } },
    });
    expect(await statusOf(refundId)).toBe("awaiting_approval");
    const form = { callbackId: viewIds.reject, privateMetadata: buttonValue(message), field: fieldId };
    const empty = await send(slackForm({ ...form, value: "  " }, userId));
    expect(empty.body).toMatchObject({ response_action: "errors" });
    const sent = await send(slackForm({ ...form, value: "bought <yesterday>" }, userId));
    expect(sent.body).toBeNull();
    expect((await getRefund(dependencies, { refundId })).approval).toMatchObject({
      decision: "rejected",
      note: "bought <yesterday>",
    });
    expect(JSON.stringify(messageAbout(refundId).blocks)).toContain("bought &lt;yesterday&gt;");
  });
});

describe("a signature", () => {
  const payload = { type: "view_closed" };
  test.each([
    ["of another secret", 0, "f".repeat(32)],
    ["more than five minutes old", -301, undefined],
    ["of the future", 301, undefined],
  ] as const)("%s is refused", async (_what, seconds, secret) => {
    const now = new Date(harness.clock.now().getTime() + seconds * 1_000);
    await expect(send(payload, now, secret)).rejects.toMatchObject({ code: "slack_signature_invalid" });
  });

  test("over another body or time is refused, and the right one is taken", async () => {
    const request = signInteraction(payload, harness.clock.now());
    for (const changed of [
      { rawBody: `${request.rawBody}&a=b` },
      { timestamp: String(Number(request.timestamp) + 1) },
      { signature: null },
      { signature: request.signature.slice(0, -1) },
    ]) {
      await expect(answerInteraction(dependencies, { ...request, ...changed })).rejects.toMatchObject({
        code: "slack_signature_invalid",
      });
    }
    expect((await answerInteraction(dependencies, request)).body).toBeNull();
  });
});

describe("a code", () => {
  const enter = (value: string, userId: string) =>
    send(slackForm({ callbackId: viewIds.link, field: fieldId, value }, userId));

  test("makes the user who enters it the operator who made it, once", async () => {
    const { id: operatorId } = await harness.operator("approver");
    const { code } = await createLinkCode(dependencies, { operatorId });
    const done = await enter(code.toLowerCase().replaceAll("-", " "), "U0CODE");
    expect(done.body).toMatchObject({ response_action: "update" });
    const again = await enter(code, "U0OTHER");
    expect(again.body).toMatchObject({ response_action: "errors" });
    const { message, refundId } = await asked();
    await click(message, "U0CODE");
    expect((await getRefund(dependencies, { refundId })).approval?.decidedBy.id).toBe(operatorId);
    const entry = and(eq(auditLogs.action, "slack_linked"), eq(auditLogs.actorId, operatorId));
    expect(await dependencies.database.$count(auditLogs, entry)).toBe(1);
  });

  test("ends after ten minutes, and with the next one", async () => {
    const { id: operatorId } = await harness.operator("approver");
    const { code: replaced } = await createLinkCode(dependencies, { operatorId });
    const { code } = await createLinkCode(dependencies, { operatorId });
    expect((await enter(replaced, "U0LATE")).body).toMatchObject({ response_action: "errors" });
    await harness.advance(10 * 60 * 1000);
    expect((await enter(code, "U0LATE")).body).toMatchObject({ response_action: "errors" });
  });
});

describe("when Slack is away", () => {
  test("a request is decided all the same, and Slack learns of it later", async () => {
    standIn.fail("chat.update", { kind: "unavailable" });
    const { refundId, purchase } = await asked();
    const { id: operatorId } = await harness.operator("approver");
    await approveRefund(dependencies, { refundId, operatorId, correlationId });
    await desk.work();
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
    await harness.advance(60_000);
    await desk.work();
    expect(hasButtons(messageAbout(refundId))).toBe(false);
  });

  test("its Retry-After is waited for", async () => {
    standIn.fail("chat.postMessage", { kind: "rate_limited", retryAfterSeconds: 90 });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
    await desk.work();
    await harness.advance(89_000);
    await desk.work();
    expect(messagesAbout(id)).toEqual([]);
    await harness.advance(1_000);
    await desk.work();
    expect(messagesAbout(id)).toHaveLength(1);
  });

  test("a post whose answer is lost is made again; both are safe, and the lost one is learnt by its click", async () => {
    standIn.fail("chat.postMessage", { kind: "lost" });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
    await desk.work();
    await harness.advance(60_000);
    await desk.work();
    const [lost, known] = messagesAbout(id);
    if (!lost || !known) throw new Error("there should be two messages");
    const { userId } = await linked("approver");
    await click(lost, userId);
    expect(messagesAbout(id).map(hasButtons)).toEqual([false, false]);
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("a message that somebody deleted, or a channel that refuses the bot, is not tried for ever", async () => {
    standIn.fail("chat.postMessage", { kind: "error", error: "not_in_channel" });
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund({ ...harness, dependencies }, purchase, { requester });
    await desk.work();
    const { refundId } = await asked();
    standIn.fail("chat.update", { kind: "error", error: "message_not_found" });
    await withdrawRefund(dependencies, { refundId, actor: requester, correlationId });
    await desk.work();
    const open = await dependencies.database
      .select()
      .from(outboxMessages)
      .where(eq(outboxMessages.name, "approval/told.due"));
    expect(open.filter(({ completedAt }) => completedAt === null)).toEqual([]);
    const [row] = await dependencies.database
      .select()
      .from(slackMessages)
      .where(eq(slackMessages.refundId, refundId));
    expect(row?.goneAt).not.toBeNull();
    expect(messagesAbout(id)).toEqual([]);
  });
});

test("a reminder is a line below the request, once however often it is handled", async () => {
  const { refundId, message } = await asked();
  for (const number of [1, 1, 2]) {
    await dependencies.database.transaction((transaction) =>
      tellApprovers(dependencies, transaction, { refundId, occasion: "reminder", number }),
    );
    await desk.work();
  }
  const replies = standIn.messages().filter(({ threadTs }) => threadTs === message.ts);
  expect(replies).toHaveLength(2);
});

test("the customer's other apps count for nothing", async () => {
  const other = await harness.app();
  const purchase = await harness.purchase({ app: other, customerEmail: "both@example.com" });
  await askRefund({ ...harness, dependencies }, purchase, { requester });
  const { message } = await asked({ email: "both@example.com" });
  expect(JSON.stringify(message.blocks)).toContain("Earlier refunds of this customer: none");
  expect(await dependencies.database.$count(purchases, eq(purchases.customerEmail, "both@example.com"))).toBe(
    2,
  );
});
