import { auditLogs, refundProposals, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// An issuer's warning at Stripe, by its webhook, to the button on the page, to a request that waits for
// somebody else's approval.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  await sandbox.admin.setDelivery({ mode: "normal" });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");

async function warned(slug: string) {
  const shop = await connectedApp(slug);
  await sandbox.admin.createEarlyFraudWarning({
    account: shop.account,
    charge: shop.chargeId,
    fraud_type: "made_with_stolen_card",
  });
  const { database } = desk.dependencies;
  const find = () =>
    database.select().from(refundProposals).where(eq(refundProposals.purchaseId, shop.purchaseId));
  await vi.waitFor(async () => expect(await find()).toHaveLength(1), { timeout: 20_000, interval: 100 });
  return { ...shop, proposalId: (await find())[0]?.id ?? "", find };
}

describe("a warning of fraud", () => {
  it("is on the purchase's page and on Needs you, and one click asks for the refund", async () => {
    const shop = await warned("fraud-shop");
    const { client, operatorId } = await desk.operator("agent", "fraud-shop");
    const path = `/purchases/${shop.purchaseId}`;
    for (const page of [path, "/needs-you"]) {
      const text = shown((await client.get(page)).text);
      expect(text, page).toContain(`data-proposal="${shop.proposalId}"`);
      expect(text, page).toContain("Suspected fraud");
      expect(text, page).toContain("(made with stolen card)");
      expect(text, page).toMatch(/Refund <span[^>]*>\$100\.00<\/span>\?/);
      expect(text, page).toContain("Ask for this refund");
    }
    expect(shown((await client.get("/needs-you")).text)).toMatch(/1<span class="sr-only"> waiting/);

    const form = await fillIn(client, desk.url, path, { decision: "ask" });
    const first = (await form.send()).headers.get("location") ?? "";
    expect(first).toMatch(/^\/refunds\/rfd_/);
    // The second click of a double click.
    expect((await form.send()).headers.get("location")).toBe(first);
    const { database } = desk.dependencies;
    const rows = await database.select().from(refunds).where(eq(refunds.purchaseId, shop.purchaseId));
    expect(rows).toMatchObject([
      { status: "awaiting_approval", amount: 10_000, reason: "fraudulent", requestedById: operatorId },
    ]);
    expect(await shop.find()).toMatchObject([{ status: "accepted", refundId: rows[0]?.id }]);
    expect((await client.get(path)).text).not.toContain("Suspected fraud");
    expect((await client.get("/needs-you")).text).not.toContain("Suspected fraud");
  });

  it("is dismissed for all, by somebody who may ask; a viewer sees no buttons, and is refused", async () => {
    const shop = await warned("dismiss-shop");
    const viewer = await desk.operator("viewer", "dismiss-shop");
    const path = `/purchases/${shop.purchaseId}`;
    const page = (await viewer.client.get(path)).text;
    expect(page).toContain("Suspected fraud");
    expect(page).not.toContain("Ask for this refund");
    const refused = await viewer.client.post(`/api/v1/proposals/${shop.proposalId}/accept`);
    expect([refused.status, refused.code]).toEqual([403, "permission_denied"]);

    const agent = await desk.operator("agent", "dismiss-shop");
    const form = await fillIn(agent.client, desk.url, path, { decision: "dismiss" });
    expect((await form.send()).status).toBe(200);
    expect(await shop.find()).toMatchObject([{ status: "dismissed", closedBy: agent.operatorId }]);
    expect((await viewer.client.get(path)).text).not.toContain("Suspected fraud");
    const log = await desk.dependencies.database
      .select()
      .from(auditLogs)
      .where(eq(auditLogs.purchaseId, shop.purchaseId));
    expect(log.map(({ action }) => action)).toEqual([
      "early_fraud_warning",
      "refund_proposed",
      "proposal_dismissed",
    ]);
  });

  it("by REST: listed, accepted once, and not there for who has no role in its app", async () => {
    const shop = await warned("rest-shop");
    await connectedApp("stranger-shop");
    const agent = await desk.operator("agent", "rest-shop");
    const stranger = await desk.operator("admin", "stranger-shop");
    const listed = await agent.client.get("/api/v1/proposals?status=open");
    const schema = z.object({
      proposals: z.array(z.object({ id: z.string(), amountLeft: z.number(), fraudType: z.string() })),
      nextCursor: z.null(),
    });
    expect(listed.as(schema).proposals).toEqual([
      { id: shop.proposalId, amountLeft: 10_000, fraudType: "made_with_stolen_card" },
    ]);
    expect((await stranger.client.get("/api/v1/proposals")).as(schema).proposals).toEqual([]);
    for (const what of ["accept", "dismiss"]) {
      const answer = await stranger.client.post(`/api/v1/proposals/${shop.proposalId}/${what}`);
      expect([answer.status, answer.code]).toEqual([404, "proposal_not_found"]);
    }
    const refundOf = z.object({ refund: z.object({ id: z.string(), status: z.string() }) });
    const accept = () => agent.client.post(`/api/v1/proposals/${shop.proposalId}/accept`);
    const [first, second] = [await accept(), await accept()];
    expect([first.status, first.as(refundOf).refund.status]).toEqual([201, "awaiting_approval"]);
    expect(second.as(refundOf)).toEqual(first.as(refundOf));
    const late = await agent.client.post(`/api/v1/proposals/${shop.proposalId}/dismiss`);
    expect([late.status, late.code]).toEqual([409, "proposal_closed"]);
  });
});
