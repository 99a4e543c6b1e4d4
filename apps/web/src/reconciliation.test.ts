import { apps, auditLogs, drifts as driftRows, reconciliationRuns } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// Whether the books are right, as people see it: over HTTP, from the running desk, its real sweepers and the
// sandbox.
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
const started = z.object({ runId: z.string(), resumed: z.boolean(), since: z.string() });
const comparison = z.object({
  app: z.object({ slug: z.string() }),
  running: z.object({ progress: z.number() }).nullable(),
  last: z.object({ status: z.string(), driftCount: z.number(), lastError: z.string().nullable() }).nullable(),
  nextDueAt: z.string().nullable(),
});
const driftPage = z.object({
  drifts: z.array(
    z.object({
      kind: z.string(),
      subjectId: z.string(),
      refundId: z.string().nullable(),
      difference: z.string(),
      repair: z.string(),
      app: z.object({ slug: z.string() }),
    }),
  ),
  nextCursor: z.string().nullable(),
});

const { connectedApp, refundInDashboard } = onSandbox(() => ({ sandbox, desk }));

describe("a comparison that a person starts", () => {
  it("runs by itself, mends what no webhook told, and is seen as API and page, by those who may", async () => {
    const shop = await connectedApp("rec-shop");
    const other = await connectedApp("rec-other");
    await sandbox.admin.setDelivery({ mode: "drop" });
    const refundId = await refundInDashboard(shop.account, shop.chargeId, 2_500);
    const admin = await desk.operator("admin", shop.slug);
    const begun = await admin.client.post("/api/v1/reconciliation", { app: shop.slug });
    expect(begun.status).toBe(202);
    const { runId } = begun.as(started);
    const read = async () => {
      const answer = await admin.client.get("/api/v1/reconciliation");
      return answer.as(z.object({ comparisons: z.array(comparison) })).comparisons;
    };
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ running: null, last: {} }]), soon);
    const [view] = await read();
    expect(view).toMatchObject({ app: { slug: shop.slug }, last: { status: "done", lastError: null } });
    expect(view?.last?.driftCount).toBeGreaterThan(0);
    expect(view?.nextDueAt).not.toBeNull();

    const { drifts } = (await admin.client.get("/api/v1/reconciliation/drifts?limit=100")).as(driftPage);
    const taken = drifts.find(({ subjectId }) => subjectId === refundId);
    expect(taken).toMatchObject({
      kind: "refund_missing_here",
      difference: "succeeded at Stripe, unknown here.",
      repair: "Stripe is right; it was taken in.",
    });
    const page = shown((await admin.client.get("/reconciliation")).text);
    expect(page).toContain('data-comparison="done"');
    expect(page).toContain("Succeeded at Stripe, unknown here.");
    expect(page).toContain(`href="/refunds/${taken?.refundId}"`);
    expect(page).toContain("Compare now");
    expect(page).toContain("refund.created at Stripe, no webhook told.");
    const only = shown((await admin.client.get(`/reconciliation?show=refunds&app=${shop.slug}`)).text);
    expect(only).toContain("Succeeded at Stripe, unknown here.");
    expect(only).not.toContain('data-drift="event_missing"');
    expect((await admin.client.get("/reconciliation?show=undecided")).text).toContain("None of these");
    expect(page).not.toContain(other.slug);

    const [again, twin] = [
      await desk.operator("approver", shop.slug),
      await desk.operator("admin", other.slug),
    ];
    const watched = (await again.client.get("/reconciliation")).text;
    expect(watched).toContain('data-comparison="done"');
    expect(watched).not.toContain("Compare now");
    expect((await again.client.post("/api/v1/reconciliation", { app: shop.slug })).status).toBe(403);
    expect((await twin.client.post("/api/v1/reconciliation", { app: shop.slug })).code).toBe("app_not_found");
    const theirs = (await twin.client.get(`/api/v1/reconciliation/drifts?app=${shop.slug}`)).as(driftPage);
    expect(theirs.drifts).toEqual([]);
    const viewer = await desk.operator("viewer");
    expect((await viewer.client.get("/api/v1/reconciliation")).status).toBe(403);
    expect((await viewer.client.get("/reconciliation")).headers.get("location")).toBe("/no-access");
    expect(runId).toMatch(/^rcn_/);
    const { database } = desk.dependencies;
    const asked = and(eq(auditLogs.action, "comparison_started"), eq(auditLogs.appId, shop.id));
    expect(await database.select().from(auditLogs).where(asked)).toMatchObject([
      { actorKind: "operator", correlationId: runId },
    ]);
  });

  it("counts differences for those who may read them, in the console and by REST alike", async () => {
    const shop = await connectedApp("rec-count");
    const { client } = await desk.operator("admin", shop.slug);
    const { runId } = (await client.post("/api/v1/reconciliation", { app: shop.slug })).as(started);
    const { database } = desk.dependencies;
    const ofRun = eq(reconciliationRuns.id, runId);
    const run = async () => (await database.select().from(reconciliationRuns).where(ofRun))[0];
    await vi.waitFor(async () => expect(await run()).toMatchObject({ status: "done" }), soon);
    const drift = { id: "drf_count", runId, appId: shop.id, kind: "refund_missing_at_stripe" } as const;
    const judged = { subjectId: "re_gone", rightSide: "undecided", action: "none" } as const;
    await database.insert(driftRows).values({ ...drift, ...judged, foundAt: new Date() });
    const seenBy = async (role: "viewer" | "approver") => {
      const reader = (await desk.operator(role, shop.slug)).client;
      const counted = z.object({ undecidedDrifts: z.number() });
      const { undecidedDrifts } = (await reader.get("/api/v1/alerts")).as(counted);
      return [undecidedDrifts, shown((await reader.get("/needs-you")).text).includes("1 difference")];
    };
    expect(await seenBy("approver")).toEqual([1, true]);
    expect(await seenBy("viewer")).toEqual([0, false]);
  });

  it("is one, however often the button is clicked", async () => {
    const shop = await connectedApp("rec-twice");
    const { client } = await desk.operator("admin");
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.post("/api/v1/reconciliation", { app: shop.slug })),
    );
    const ids = answers.map((answer) => answer.as(started).runId);
    // One that had ended in between may have been followed by another.
    const { database } = desk.dependencies;
    const rows = await database
      .select()
      .from(reconciliationRuns)
      .where(eq(reconciliationRuns.appId, shop.id));
    expect(new Set(ids).size).toBe(rows.filter(({ kind }) => kind === "asked").length);
    expect(new Set(ids).size).toBeLessThanOrEqual(2);
  });

  it.each([
    [{ app: "nowhere" }, 404, "app_not_found"],
    [{ app: "rec-bad", since: "2026-02-30" }, 400, "invalid_input"],
    [{ app: "rec-bad", since: "2999-01-01" }, 400, "invalid_input"],
    [{ app: "rec-bad", since: "soon" }, 400, "invalid_input"],
    [{}, 400, "invalid_input"],
    [{ app: "rec-away" }, 409, "app_not_connected"],
  ])("%j is refused and starts nothing", async (body, status, code) => {
    const { database } = desk.dependencies;
    const known = await database.select().from(apps);
    if (!known.some(({ slug }) => slug === "rec-bad")) {
      await connectedApp("rec-bad");
      const away = await desk.app("rec-away");
      const none = {
        stripeAccountId: null,
        stripeLivemode: null,
        stripeScope: null,
        connectedAt: null,
        connectedBy: null,
      };
      await database.update(apps).set(none).where(eq(apps.id, away.id));
    }
    const { client } = await desk.operator("admin");
    const before = await database.$count(reconciliationRuns);
    const answer = await client.post("/api/v1/reconciliation", body);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(await database.$count(reconciliationRuns)).toBe(before);
  });

  it("an address that somebody edited shows the list from its start", async () => {
    const { client } = await desk.operator("admin");
    for (const query of ["cursor=xx", "show=never", "app=%00", "app=nowhere"]) {
      const page = await client.get(`/reconciliation?${query}`);
      expect([query, page.status]).toEqual([query, 200]);
      expect(page.text).toContain("</h1>");
    }
    for (const query of ["cursor=xx", "limit=0", "undecided=perhaps"]) {
      expect((await client.get(`/api/v1/reconciliation/drifts?${query}`)).code).toBe("invalid_input");
    }
  });
});
