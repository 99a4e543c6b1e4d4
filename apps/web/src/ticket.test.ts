import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";

// The helpdesk's ticket goes with a request: a link for people, and nothing that a browser or this server would run.
const ticketUrl = "https://help.example.com/tickets/42?view=all";
const answered = z.object({ refund: z.object({ id: z.string(), ticketUrl: z.string().nullable() }) });
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

describe("the ticket of a request", () => {
  it("is shown as a link that tells the helpdesk nothing", async () => {
    const app = await desk.app("alpha");
    const { client } = await desk.operator("agent", "alpha");
    const purchaseId = await desk.purchase(app.id);
    const { refund } = (await client.post("/api/v1/refunds", { purchaseId, amount: 100, ticketUrl })).as(
      answered,
    );
    expect(refund.ticketUrl).toBe(ticketUrl);
    const page = await client.get(`/refunds/${refund.id}`);
    expect(page.text).toMatch(
      /<a href="https:\/\/help\.example\.com\/tickets\/42\?view=all" target="_blank" rel="noopener noreferrer"/,
    );
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "help.example.com/42",
    `https://a.example/${"x".repeat(500)}`,
  ])("is a page of the web, or the request is refused: %s", async (wrong) => {
    const app = await desk.app(`app-${wrong.length}-${wrong.charCodeAt(0)}`);
    const { client } = await desk.operator("agent");
    const purchaseId = await desk.purchase(app.id);
    const answer = await client.post("/api/v1/refunds", { purchaseId, amount: 100, ticketUrl: wrong });
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
    expect((await client.get(`/api/v1/purchases/${purchaseId}`)).text).toContain('"amountLeft":10000');
  });

  it("is part of what a key asked for: the same key with another ticket is a conflict", async () => {
    const app = await desk.app("beta");
    const { client } = await desk.operator("agent", "beta");
    const purchaseId = await desk.purchase(app.id);
    const ask = (ticket: string) =>
      client.post(
        "/api/v1/refunds",
        { purchaseId, amount: 100, ticketUrl: ticket },
        { headers: { "idempotency-key": "one" } },
      );
    const first = (await ask(ticketUrl)).as(answered);
    expect((await ask(ticketUrl)).as(answered)).toEqual(first);
    expect((await ask("https://help.example.com/tickets/43")).status).toBe(409);
  });
});
