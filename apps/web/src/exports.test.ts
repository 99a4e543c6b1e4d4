import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// The export for accounting as its readers meet it over HTTP: their apps alone, what Stripe booked, nothing executable.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

async function refundedIn(slug: string) {
  const app = await connectedApp(slug);
  const admin = await desk.operator("admin", slug);
  await admin.client.send("PATCH", `/api/v1/apps/${slug}`, {
    approvalRules: [{ amount: 100_000, currency: "usd" }],
  });
  const asked = await admin.client.post("/api/v1/refunds", { purchaseId: app.purchaseId, amount: 1_250 });
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  const status = async () => (await admin.client.get(`/api/v1/refunds/${refund.id}`)).text;
  await vi.waitFor(async () => expect(await status()).toContain('"status":"succeeded"'), {
    timeout: 30_000,
    interval: 100,
  });
  return { admin, app, refundId: refund.id };
}

test("a reader gets the refunds of their own apps, filled in from Stripe by the desk itself", async () => {
  const mine = await refundedIn("mine-shop");
  const other = await refundedIn("other-shop");
  const { client } = mine.admin;
  const path = "/api/v1/exports/refunds";
  const first = await client.get(path);
  expect(first.status).toBe(200);
  expect(first.headers.get("content-type")).toContain("text/csv");
  expect(first.headers.get("content-disposition")).toBe('attachment; filename="redress-refunds.csv"');
  expect(first.text).toContain(mine.refundId);
  expect(first.text).not.toContain(other.refundId);
  // The sweeper asks Stripe: nobody has to.
  const read = async () => (await client.get(`${path}?app=mine-shop`)).text;
  await vi.waitFor(
    async () => expect(await read()).toMatch(/,usd,-1250,-12\.50,usd,-1250,-12\.50,0,0\.00,/),
    {
      timeout: 60_000,
      interval: 500,
    },
  );
  const [, line = ""] = (await read()).split("\r\n");
  const [, bookedAt = ""] = line.split(",");
  const month = bookedAt.slice(0, 7);
  // As a form sends it, with what was left empty.
  const narrowed = await client.get(`${path}?app=mine-shop&month=${month}&currency=`);
  expect(narrowed.headers.get("content-disposition")).toContain(`redress-refunds-mine-shop-${month}.csv`);
  expect(narrowed.text).toBe(await read());
  expect((await client.get(`${path}?currency=eur`)).text.split("\r\n")).toHaveLength(2);
});

test("an app that is not the reader's is not there, and what is no month is said", async () => {
  const { client } = await desk.operator("viewer", "mine-shop");
  const path = "/api/v1/exports/refunds";
  expect((await client.get(`${path}?app=other-shop`)).code).toBe("app_not_found");
  expect((await client.get(`${path}?app=no-shop`)).code).toBe("app_not_found");
  expect((await client.get(`${path}?month=november`)).code).toBe("invalid_input");
  expect((await client.get(`${path}?currency=EUR`)).code).toBe("invalid_input");
  expect((await desk.client().get(path)).code).toBe("sign_in_required");
});

test("the page of refunds leads to it, with the reader's apps", async () => {
  const { client } = await desk.operator("viewer", "mine-shop");
  const page = await client.get("/refunds");
  expect(page.text).toContain('action="/api/v1/exports/refunds"');
  expect(page.text).toContain('<option value="mine-shop">');
  expect(page.text).not.toContain('<option value="other-shop">');
});

// Guarantee: the file holds what the page finds, of the reader's apps alone, and nothing that a spreadsheet would run.
test("purchases are exported as the page finds them, each once, in the order of the page", async () => {
  const [shop, other] = [await desk.app("export-shop"), await desk.app("export-other")];
  const formula = '=HYPERLINK("https://example.com")';
  const paid = { amountCaptured: 12_340, currency: "kwd", purchasedAt: new Date("2026-11-02T10:00:00Z") };
  const first = await desk.purchase(shop.id, { ...paid, customerName: formula, orderNumber: "R-1" });
  const same = { purchasedAt: new Date("2026-11-01T10:00:00Z"), orderNumber: "R-2" };
  const rest = await Promise.all(Array.from({ length: 1_100 }, () => desk.purchase(shop.id, same)));
  const hidden = await desk.purchase(other.id);
  const { client } = await desk.operator("viewer", shop.slug);
  const path = "/api/v1/exports/purchases";
  const all = await client.get(path);
  expect([all.status, all.headers.get("content-disposition")]).toEqual([
    ...[200, 'attachment; filename="redress-purchases.csv"'],
  ]);
  const [head, ...lines] = all.text.trimEnd().split("\r\n");
  expect(head).toMatch(/^purchase_id,app,purchased_at,customer_name,.*,paid_minor,paid,refunded_minor,/);
  expect(lines.map((line) => line.split(",")[0])).toEqual([first, ...rest.sort().reverse()]);
  expect(lines[0]).toContain(`"'=HYPERLINK(""https://example.com"")"`);
  expect(lines[0]).toContain(",kwd,12340,12.340,0,0.000,12340,12.340,");
  expect(all.text).not.toContain(hidden);
  const found = await client.get(`${path}?query=R-1&app=`);
  expect(found.text.trimEnd().split("\r\n")).toHaveLength(2);
  expect((await client.get(`${path}?app=${other.slug}`)).code).toBe("app_not_found");
  expect((await client.get(`${path}?query=date:never`)).code).toBe("invalid_input");
  expect((await desk.client().get(path)).code).toBe("sign_in_required");
  const page = await client.get("/purchases?query=R-2");
  expect(page.text).toContain('href="/api/v1/exports/purchases?query=R-2"');
}, 120_000);
