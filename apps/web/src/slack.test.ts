import {
  type SlackStandIn,
  signInteraction,
  slackChannel,
  slackClick,
  slackForm,
  slackSigningSecret,
  slackTeam,
  startSlackStandIn,
} from "@redress/core/testing/slack-stand-in";
import { auditLogs, operators, slackIdentities } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

// Requests in Slack through the running desk: configured by the environment, clicks over HTTP, links made in the console.
let sandbox: Sandbox;
let standIn: SlackStandIn;
let desk: Awaited<ReturnType<typeof startDesk>>;
let apps = 0;

beforeAll(async () => {
  await buildWeb(() => undefined);
  [sandbox, standIn] = await Promise.all([startSandbox(), startSlackStandIn()]);
  const env = {
    SLACK_BOT_TOKEN: "xoxb-0-stand-in",
    SLACK_SIGNING_SECRET: slackSigningSecret,
    SLACK_CHANNEL: slackChannel,
    SLACK_API_URL: standIn.apiUrl,
  };
  desk = await startDesk(sandbox, { env });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await standIn?.close();
  await sandbox?.close();
});

async function send(payload: object, secret?: string) {
  const { rawBody, timestamp, signature } = signInteraction(payload, new Date(), secret);
  const answer = await fetch(`${desk.url}/api/slack/interactions`, {
    method: "POST",
    body: rawBody,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature,
    },
  });
  return { status: answer.status, text: await answer.text() };
}

/** In an app of its own: the sandbox knows no such account, so an app is disconnected once a refund runs. */
async function asked() {
  apps += 1;
  const app = await desk.app(`app-${apps}`);
  const { client } = await desk.operator("agent");
  const { refund } = (await client.post("/api/v1/refunds", { purchaseId: await desk.purchase(app.id) })).as(
    z.object({ refund: z.object({ id: z.string() }) }),
  );
  const message = await vi.waitFor(() => {
    const found = standIn.messages().find(({ blocks }) => JSON.stringify(blocks).includes(refund.id));
    if (!found) throw new Error("not in Slack yet");
    return found;
  }, 10_000);
  const value = /"value":"([^"]+)"/.exec(JSON.stringify(message.blocks))?.[1] ?? "";
  return { refundId: refund.id, message, approve: { actionId: "redress_approve", value } };
}

/** What the page shows once, to be entered in Slack. */
async function codeOf(client: Awaited<ReturnType<typeof desk.operator>>["client"]): Promise<string> {
  const form = await fillIn(client, desk.url, "/settings/slack", { make: "code" });
  const page = (await form.send()).text;
  return /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(page)?.[0] ?? "";
}

const enter = (code: string, userId: string) =>
  send(slackForm({ callbackId: "redress_link", field: "redress_field", value: code }, userId));

describe("Slack's clicks at the desk", () => {
  it("act as the operator who linked themselves in the console, and for no longer than that", async () => {
    const { client, operatorId } = await desk.operator("approver");
    const { refundId, message, approve } = await asked();
    await send(slackClick(approve, message, "U0ADA"));
    await vi.waitFor(() => expect(standIn.calls.at(-1)?.method).toBe("views.open"));
    expect((await enter(await codeOf(client), "U0ADA")).text).toContain('"response_action":"update"');
    expect((await client.get("/settings/slack")).text).toContain("U0ADA");
    expect(await send(slackClick(approve, message, "U0ADA"))).toEqual({ status: 200, text: "" });
    const { refund } = (await client.get(`/api/v1/refunds/${refundId}`)).as(
      z.object({
        refund: z.object({
          approval: z.object({ decision: z.string(), decidedBy: z.object({ id: z.string() }) }),
        }),
      }),
    );
    expect(refund.approval).toMatchObject({ decision: "approved", decidedBy: { id: operatorId } });
    await vi.waitFor(() => {
      const now = standIn.messages().find(({ ts }) => ts === message.ts);
      expect(JSON.stringify(now?.blocks)).toContain("Approved by The approver");
    }, 10_000);
    const form = await fillIn(client, desk.url, "/settings/slack", {
      operatorId,
      teamId: slackTeam,
      userId: "U0ADA",
    });
    await form.send();
    const { database } = desk.dependencies;
    expect(await database.$count(slackIdentities, eq(slackIdentities.operatorId, operatorId))).toBe(0);
    const entries = await database.select().from(auditLogs).where(eq(auditLogs.actorId, operatorId));
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["slack_linked", "refund_approved", "slack_unlinked"]),
    );
  });

  it("that Slack did not sign are refused, and change nothing", async () => {
    const { refundId, message, approve } = await asked();
    const answer = await send(slackClick(approve, message, "U0ADA"), "f".repeat(32));
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("slack_signature_invalid");
    const { client } = await desk.operator("viewer");
    expect((await client.get(`/api/v1/refunds/${refundId}`)).text).toContain('"status":"awaiting_approval"');
  });
});

describe("Settings, Slack and e-mail", () => {
  it("shows everybody's links to an administrator, who may end them, and to nobody else", async () => {
    const [ada, admin, viewer] = [
      await desk.operator("approver"),
      await desk.operator("admin"),
      await desk.operator("viewer"),
    ];
    await enter(await codeOf(ada.client), "U0SEEN");
    expect((await viewer.client.get("/settings/slack")).text).not.toContain("U0SEEN");
    expect((await viewer.client.get("/settings/slack")).text).not.toContain("Make a code");
    const identity = { operatorId: ada.operatorId, teamId: slackTeam, userId: "U0SEEN" };
    const { database } = desk.dependencies;
    const link = eq(slackIdentities.userId, "U0SEEN");
    const own = await desk.operator("approver");
    await enter(await codeOf(own.client), "U0OWN");
    const foreign = await (await fillIn(own.client, desk.url, "/settings/slack", identity)).send();
    expect(foreign.text).toContain('data-error-code="permission_denied"');
    expect(await database.$count(slackIdentities, link)).toBe(1);
    await (await fillIn(admin.client, desk.url, "/settings/slack", identity)).send();
    expect(await database.$count(slackIdentities, link)).toBe(0);
  });

  it("keeps whether one wants requests by e-mail", async () => {
    const { client, operatorId } = await desk.operator("approver");
    const wanted = async () =>
      (await desk.dependencies.database.select().from(operators).where(eq(operators.id, operatorId)))[0]
        ?.mailApprovals;
    expect(await wanted()).toBe(true);
    await (await fillIn(client, desk.url, "/settings/slack", { form: "mail" })).send();
    expect(await wanted()).toBe(false);
  });
});
