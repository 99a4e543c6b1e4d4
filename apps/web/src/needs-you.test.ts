import { decideAtStripe } from "@redress/core/connect/consent.fixture";
import { refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// What a person has to see to is seen in the console, and gone once it is settled: through the desk's own
// routes, Stripe's webhooks and the real workflows.
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

const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");
const soon = { timeout: 20_000, interval: 200 };
const { connectedApp, refundInDashboard } = onSandbox(() => ({ sandbox, desk }));

describe("a refund whose outcome is not known", () => {
  it("is shown as being asked, with when the next question is due, in the API, the list and its page", async () => {
    const shop = await connectedApp("unknown-shop");
    const [agent, approver] = [await desk.operator("agent"), await desk.operator("approver")];
    await sandbox.admin.addFault({ fault: "error_500_stored", method: "POST", path: "/v1/refunds" });
    const created = await agent.client.post("/api/v1/refunds", { purchaseId: shop.purchaseId });
    const { id } = created.as(z.object({ refund: z.object({ id: z.string() }) })).refund;
    await approver.client.post(`/api/v1/refunds/${id}/approve`);
    const { database } = desk.dependencies;
    const row = async () => (await database.select().from(refunds).where(eq(refunds.id, id)))[0];
    await vi.waitFor(async () => expect(await row()).toMatchObject({ outcomeUnknown: true }), soon);
    // Held still, so that what is shown can be compared.
    const nextAttemptAt = new Date(Date.now() + 20 * 60_000 + 30_000);
    await vi.waitFor(async () => {
      await database.update(refunds).set({ nextAttemptAt, leaseUntil: null }).where(eq(refunds.id, id));
      expect(await row()).toMatchObject({ status: "executing", nextAttemptAt, leaseUntil: null });
    }, soon);
    const answer = await agent.client.get(`/api/v1/refunds/${id}`);
    const { refund } = answer.as(
      z.object({ refund: z.object({ outcomeUnknown: z.boolean(), nextAttemptAt: z.string() }) }),
    );
    expect(refund).toEqual({ outcomeUnknown: true, nextAttemptAt: nextAttemptAt.toISOString() });
    for (const path of ["/refunds", `/refunds/${id}`, `/purchases/${shop.purchaseId}`]) {
      const page = shown((await agent.client.get(path)).text);
      expect(page, path).toContain("Asking Stripe");
      expect(page, path).toMatch(/next question <time[^>]*>in 20 min/);
    }
    // The same refund, once only a person can say what it is.
    const stopped = { nextAttemptAt: null, leaseUntil: null };
    await database.update(refunds).set(stopped).where(eq(refunds.id, id));
    const page = shown((await agent.client.get(`/refunds/${id}`)).text);
    expect(page).toContain("Needs someone");
    expect(page).toContain("Nothing more is sent until somebody has looked");
    expect(page).not.toContain("next question");
    const needs = shown((await approver.client.get("/needs-you")).text);
    expect(needs).toContain(`data-alert="unattributed" data-refund="${id}"`);
  });
});

describe("a dispute", () => {
  // Guarantee: whoever sees the purchases learns by when evidence is due, from Stripe's own webhook; nobody else does.
  it("is shown with Stripe's deadline on the purchase, in the list and under Needs you, in its app alone", async () => {
    const shop = await connectedApp("disputed-shop");
    const { client } = await desk.operator("viewer", shop.slug);
    const other = await desk.operator("admin", (await connectedApp("undisputed-shop")).slug);
    expect((await client.get("/disputes")).text).toContain("No open dispute");
    await sandbox.admin.createDispute({ account: shop.account, charge: shop.chargeId });
    const purchase = `/purchases/${shop.purchaseId}`;
    for (const path of ["/disputes", `/disputes?app=${shop.slug}`, purchase, "/needs-you"]) {
      await vi.waitFor(
        async () =>
          expect(shown((await client.get(path)).text), path).toMatch(/Evidence due by .*\d+ days left/),
        soon,
      );
    }
    expect((await client.get("/disputes")).text).toContain(`href="${purchase}"`);
    expect(JSON.parse((await client.get(`/api/v1${purchase}`)).text)).toMatchObject({
      purchase: { disputeStatus: "needs_response", disputeDueAt: expect.stringMatching(/^20/) },
    });
    const listed = async (by: typeof client) =>
      JSON.parse((await by.get(`/api/v1/disputes?app=${shop.slug}`)).text);
    expect(await listed(client)).toMatchObject({
      disputes: [{ id: shop.purchaseId, disputeDueAt: expect.stringMatching(/^20/) }],
      nextCursor: null,
    });
    expect(await listed(other.client)).toEqual({ disputes: [], nextCursor: null });
    expect((await other.client.get(`/disputes?app=${shop.slug}`)).text).toContain("No open dispute");
    expect(shown((await other.client.get("/needs-you")).text)).not.toContain("wants an answer");
  });
});

describe("what needs a person", () => {
  const refundOf = (answer: { as<T>(schema: z.ZodType<T>): T }) =>
    answer.as(z.object({ refund: z.object({ id: z.string(), status: z.string() }) })).refund;

  it("a success that fails later is the first thing that those who decide see, and leads to the refund", async () => {
    await sandbox.admin.setDelivery({ mode: "normal" });
    const shop = await connectedApp("alert-shop");
    const [agent, approver] = [await desk.operator("agent"), await desk.operator("approver", shop.slug)];
    const { id } = refundOf(await agent.client.post("/api/v1/refunds", { purchaseId: shop.purchaseId }));
    const home = async () => shown((await approver.client.get("/")).text);
    expect(await home()).toMatch(/data-need="awaiting".*>1<\/span>Request waits for a decision/);
    expect(await home()).toContain(`href="/refunds/${id}"`);
    await approver.client.post(`/api/v1/refunds/${id}/approve`);
    const status = async () => refundOf(await agent.client.get(`/api/v1/refunds/${id}`)).status;
    await vi.waitFor(async () => expect(await status()).toBe("succeeded"), soon);
    expect(await home()).toContain("Nothing needs you.");
    expect((await approver.client.get("/needs-you")).text).toContain("Nothing needs you");

    const ledger = await sandbox.admin.ledger();
    const atStripe = ledger.accounts[shop.account]?.refunds[0]?.id ?? "";
    await sandbox.admin.advanceRefund(atStripe, { account: shop.account, status: "failed" });
    // By its webhook.
    await vi.waitFor(async () => expect(await status()).toBe("failed"), soon);
    expect(await home()).toMatch(/data-need="failed".*>1<\/span>Failed at Stripe/);
    expect(await home()).toContain(`href="/refunds/${id}"`);
    const page = shown((await approver.client.get("/needs-you")).text);
    expect(page).toContain(`data-alert="failed" data-refund="${id}"`);
    expect(page).toContain("It had succeeded before.");
    expect(page).toContain(`href="/refunds/${id}"`);
    expect(page).toMatch(/1<span class="sr-only"> waiting/);
    const { alerts } = (await approver.client.get("/api/v1/alerts")).as(
      z.object({ alerts: z.array(z.object({ kind: z.string(), hadSucceeded: z.boolean() })) }),
    );
    expect(alerts).toEqual([{ kind: "failed", hadSucceeded: true }]);
    // An admin of another app sees nothing of it.
    const other = await desk.operator("admin", (await connectedApp("alert-other")).slug);
    for (const path of ["/needs-you", "/"]) expect((await other.client.get(path)).text).not.toContain(id);
  });

  it("a refund that a disconnection blocks is there, and gone once it went on", async () => {
    const shop = await connectedApp("blocked-shop");
    const [agent, admin] = [await desk.operator("agent"), await desk.operator("admin", shop.slug)];
    const { id } = refundOf(await agent.client.post("/api/v1/refunds", { purchaseId: shop.purchaseId }));
    const gone = await admin.client.post("/api/stripe/connect/disconnect", { appSlug: shop.slug });
    expect(gone.status).toBe(200);
    await admin.client.post(`/api/v1/refunds/${id}/approve`);
    const status = async () => refundOf(await agent.client.get(`/api/v1/refunds/${id}`)).status;
    await vi.waitFor(async () => expect(await status()).toBe("blocked"), soon);
    expect(shown((await admin.client.get("/needs-you")).text)).toContain(
      `data-alert="blocked" data-refund="${id}"`,
    );

    // The journey through Stripe's consent page, by its addresses.
    const away = await admin.client.get(`/api/stripe/connect/authorize?appSlug=${shop.slug}`);
    const consent = await decideAtStripe(away.headers.get("location") ?? "", {
      decision: "connect",
      account: shop.account,
    });
    const back = await admin.client.get(
      `/api/stripe/connect/callback?${new URLSearchParams(Object.entries(consent))}`,
    );
    expect(back.headers.get("location")).toContain("success=connected");
    await vi.waitFor(async () => expect(await status()).toBe("succeeded"), soon);
    expect((await admin.client.get("/needs-you")).text).not.toContain(id);
    const ledger = await sandbox.admin.ledger();
    expect(ledger.accounts[shop.account]?.refunds).toHaveLength(1);
  });

  it("a refund that a dispute blocks goes on when the dispute is won, by webhooks alone", async () => {
    const shop = await connectedApp("dispute-shop");
    const [agent, admin] = [await desk.operator("agent"), await desk.operator("admin", shop.slug)];
    const { id } = refundOf(await agent.client.post("/api/v1/refunds", { purchaseId: shop.purchaseId }));
    const dispute = await sandbox.admin.createDispute({ account: shop.account, charge: shop.chargeId });
    await admin.client.post(`/api/v1/refunds/${id}/approve`);
    const status = async () => refundOf(await agent.client.get(`/api/v1/refunds/${id}`)).status;
    await vi.waitFor(async () => expect(await status()).toBe("blocked"), soon);
    await sandbox.admin.closeDispute(dispute.id, { account: shop.account, status: "won" });
    // Stripe's no may stand under the old key: then a person approves anew.
    await vi.waitFor(async () => expect(["succeeded", "awaiting_approval"]).toContain(await status()), soon);
    if ((await status()) === "awaiting_approval") await admin.client.post(`/api/v1/refunds/${id}/approve`);
    await vi.waitFor(async () => expect(await status()).toBe("succeeded"), soon);
  });

  it("refunded in the Dashboard before: the foreign refund is adopted, and ours ends as already refunded", async () => {
    const shop = await connectedApp("already-shop");
    const [agent, admin] = [await desk.operator("agent"), await desk.operator("admin", shop.slug)];
    const { id } = refundOf(await agent.client.post("/api/v1/refunds", { purchaseId: shop.purchaseId }));
    await sandbox.admin.setDelivery({ mode: "drop" });
    const foreign = await refundInDashboard(shop.account, shop.chargeId, 10_000);
    await admin.client.post(`/api/v1/refunds/${id}/approve`);
    const read = async () => {
      const answer = await agent.client.get(`/api/v1/refunds/${id}`);
      return answer.as(
        z.object({ refund: z.object({ status: z.string(), refusedCode: z.string().nullable() }) }),
      ).refund;
    };
    const refused = { status: "refused", refusedCode: "already_refunded" };
    await vi.waitFor(async () => expect(await read()).toEqual(refused), soon);
    const listed = await agent.client.get(`/api/v1/purchases/${shop.purchaseId}`);
    expect(listed.text).toContain(foreign);
    await sandbox.admin.setDelivery({ mode: "normal" });
  });
});
