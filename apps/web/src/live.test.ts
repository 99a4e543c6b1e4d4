import { operatorSessions } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { ownOutcomeSchema } from "./live/own-outcome.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";

// What a browser is told while it looks: something changed, and what became of its reader's own refunds.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

/** The stream of one browser, message by message. */
async function listen(client: Client) {
  const response = await client.open("GET", "/api/live");
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error("the stream has no body");
  let text = "";
  const next = async (): Promise<string | null> => {
    const end = text.indexOf("\n\n");
    if (end >= 0) {
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      return message.startsWith("event:") ? message : next();
    }
    const { done, value = "" } = await reader.read();
    text += value;
    return done ? null : next();
  };
  /** The first message of this kind, or null once the stream has ended. */
  const until = async (kind: "change" | "outcome"): Promise<string | null> => {
    const message = await next();
    return message === null || message.startsWith(`event: ${kind}`) ? message : until(kind);
  };
  return { until, close: () => reader.cancel() };
}

async function askAs(client: Client, appId: string): Promise<string> {
  const purchaseId = await desk.purchase(appId, { customerName: "Ada Lovelace" });
  const answer = await client.post("/api/v1/refunds", { purchaseId, amount: 2_500 });
  return answer.as(z.object({ refund: z.object({ id: z.string() }) })).refund.id;
}

describe("the stream of changes", () => {
  it("is nobody's without a session, and no agent's", async () => {
    const answer = await desk.client().get("/api/live");
    expect([answer.status, answer.code]).toEqual([401, "sign_in_required"]);
  });

  it("tells who may see an app that something changed in it, and nobody else", async () => {
    const alpha = await desk.app("alpha");
    await desk.app("beta");
    const agent = await desk.operator("agent", "alpha");
    // Before anybody listens: making them is a change too.
    const viewers = [await desk.operator("viewer", "alpha"), await desk.operator("viewer", "beta")];
    const [here, elsewhere] = await Promise.all(viewers.map(({ client }) => listen(client)));
    if (here === undefined || elsewhere === undefined) throw new Error("nobody listens");
    const told: string[] = [];
    const elsewhereFirst = elsewhere.until("change").then((message) => told.push(message ?? "ended"));
    await askAs(agent.client, alpha.id);
    expect(await here.until("change")).toBe("event: change\ndata: {}");
    // Both streams are given each look at once: had the other been told, it would have been by now, or with the next.
    await askAs(agent.client, alpha.id);
    expect(await here.until("change")).toBe("event: change\ndata: {}");
    expect(told).toEqual([]);
    await here.close();
    await elsewhere.close();
    await elsewhereFirst;
  });

  it("tells whoever asked what a colleague made of it, and the colleague nothing that they did themselves", async () => {
    const app = await desk.app("gamma");
    const agent = await desk.operator("agent", "gamma");
    const approver = await desk.operator("approver", "gamma");
    const refundId = await askAs(agent.client, app.id);
    const asked = await listen(agent.client);
    const decided = await listen(approver.client);
    // A stream begins with what comes after its first look.
    await askAs(agent.client, app.id);
    await asked.until("change");
    await decided.until("change");
    const outcome = asked.until("outcome");
    await approver.client.post(`/api/v1/refunds/${refundId}/reject`, { note: "Outside of the guarantee." });
    const message = await outcome;
    expect(ownOutcomeSchema.parse(JSON.parse(message?.split("data: ")[1] ?? ""))).toEqual({
      refundId,
      label: "Rejected",
      tone: "quiet",
      what: "$25.00 to Ada Lovelace",
    });
    expect(await decided.until("change")).not.toBeNull();
    let own: string | null | undefined;
    const ownFirst = decided.until("outcome").then((told) => {
      own = told;
    });
    await askAs(agent.client, app.id);
    await asked.until("change");
    expect(own).toBeUndefined();
    await asked.close();
    await decided.close();
    await ownFirst;
  });

  it("ends with the session, before anything more is told", async () => {
    const app = await desk.app("delta");
    const agent = await desk.operator("agent", "delta");
    const viewer = await desk.operator("viewer", "delta");
    const stream = await listen(viewer.client);
    await askAs(agent.client, app.id);
    await stream.until("change");
    await desk.dependencies.database
      .delete(operatorSessions)
      .where(eq(operatorSessions.userId, viewer.operatorId));
    await askAs(agent.client, app.id);
    expect(await stream.until("change")).toBeNull();
  });

  it("ends when the server stops, so that nobody waits for it", async () => {
    const viewer = await desk.operator("viewer");
    const stream = await listen(viewer.client);
    const ended = stream.until("change");
    await desk.server.close();
    expect(await ended).toBeNull();
  });
});
