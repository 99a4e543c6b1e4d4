import { newId } from "@redress/core/ids";
import { purchases, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";

// The home page as a browser without JavaScript gets it: what needs the reader, and figures of their apps alone.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");
const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);

/** A purchase of which half was returned in Stripe's Dashboard. */
async function halfRefunded(
  appId: string,
  {
    amount,
    currency,
    at = daysAgo(1),
    reason,
  }: { amount: number; currency: string; at?: Date; reason?: string },
): Promise<void> {
  const { database, random } = desk.dependencies;
  const id = await desk.purchase(appId, { amountCaptured: amount, currency, purchasedAt: at });
  const [purchase] = await database.select().from(purchases).where(eq(purchases.id, id));
  if (purchase === undefined) throw new Error("there is no such purchase");
  const { stripeAccountId, stripeChargeId } = purchase;
  await database.insert(refunds).values({
    ...{ id: newId(random, "refund"), appId, purchaseId: id, stripeAccountId, stripeChargeId, currency },
    ...{ origin: "stripe", requestedByKind: "stripe", requestedById: "stripe", requestedByOwner: "stripe" },
    ...{ amount: amount / 2, reason: reason ?? null, status: "succeeded", stripeRefundId: `re_${id}` },
    ...{ requestedAt: at, settledAt: at, updatedAt: at },
  });
}

/** One card of the page. */
async function cardOf(client: Client, name: string, path = "/"): Promise<string> {
  const page = shown((await client.get(path)).text);
  return new RegExp(`<section[^>]*data-figure="${name}".*?</details></section>`, "s").exec(page)?.[0] ?? "";
}

test("a desk without purchases says what to do next, and to whom it is given", async () => {
  const admin = await desk.operator("admin");
  const first = shown((await admin.client.get("/")).text);
  expect(first).toContain("From here to the first refund");
  expect(first).toMatch(/data-first-step="next".*?Add an app.*?href="\/settings\/integrations"/s);
  expect(first).toContain("Nothing needs you.");
  const app = await desk.app("new-shop");
  const then = shown((await admin.client.get("/")).text);
  expect(then).toMatch(/data-first-step="done".*?Add an app/s);
  expect(then).toContain(`href="/settings/integrations/${app.slug}"`);
  const viewer = await desk.operator("viewer", app.slug);
  const read = shown((await viewer.client.get("/")).text);
  expect(read).toContain("An administrator of this desk does this.");
  expect(read).not.toContain('href="/settings/policies">Write a policy');
  expect((await desk.client().get("/")).headers.get("location")).toContain("/sign-in");
});

test("figures are of the reader's apps, of one currency at a time, exact to its smallest unit", async () => {
  const [mine, second, other] = [
    await desk.app("mine"),
    await desk.app("second"),
    await desk.app("hidden-shop"),
  ];
  await halfRefunded(mine.id, { amount: 10_000, currency: "eur", reason: "duplicate" });
  await halfRefunded(second.id, { amount: 3_002, currency: "eur", reason: "fraudulent" });
  await desk.purchase(mine.id, { amountCaptured: 6_998, currency: "eur", purchasedAt: daysAgo(2) });
  await halfRefunded(mine.id, { amount: 5_000, currency: "jpy" });
  await halfRefunded(mine.id, { amount: 12_340, currency: "kwd" });
  await halfRefunded(mine.id, { amount: 40_000, currency: "isk" });
  await halfRefunded(mine.id, { amount: 1_000, currency: "eur", at: daysAgo(40) });
  await halfRefunded(other.id, { amount: 77_700, currency: "eur" });

  const both = await desk.operator("viewer");
  expect(await cardOf(both.client, "refunded")).toContain("€453.51");
  const { client } = await desk.operator("admin", "mine");
  const refunded = await cardOf(client, "refunded");
  expect(refunded).toContain(">€50.00</p>");
  expect(refunded).toContain("1 refund; €169.98 were paid meanwhile");
  expect(refunded).toMatch(/By reason.*Charged twice.*€50\.00/s);
  expect(refunded).not.toContain("By app");
  expect(await cardOf(client, "rate")).toContain(">29.4%</p>");
  for (const [currency, amount] of Object.entries({ jpy: "¥2,500", kwd: "KWD 6.170", isk: "ISK 200" })) {
    const card = await cardOf(client, "refunded", `/?currency=${currency}`);
    expect(card.replaceAll("\u00a0", " "), currency).toContain(`>${amount}</p>`);
  }
  const page = shown((await client.get("/")).text);
  expect(page).toContain("Amounts of several currencies are never added up. EUR has the most refunds.");
  expect(page).toMatch(/href="\/\?currency=jpy"/);
  expect(page).not.toContain("hidden-shop");
  // An app that is not the reader's is none.
  const denied = shown((await client.get("/?app=hidden-shop")).text);
  expect(denied).toContain("There is no such app that you may see.");
  expect(denied).not.toContain("€388.50");
  expect(await cardOf(both.client, "refunded", "/?app=second")).toContain(">€15.01</p>");
  // What lies forty days back is in a longer time.
  expect(await cardOf(client, "refunded", "/?time=90d")).toContain(">€55.00</p>");
  expect(await cardOf(client, "refunded", "/?time=12m")).toContain(">€55.00</p>");
  expect(await cardOf(client, "refunded", "/?time=7d")).toContain(">€50.00</p>");
});

test("each chart says in words what it shows, and has its numbers as a table", async () => {
  const { client } = await desk.operator("admin", "mine");
  for (const name of ["refunded", "rate", "decision", "settlement", "policy"]) {
    const card = await cardOf(client, name);
    expect(card, name).toMatch(/<svg role="img" aria-label="[^"]{10,}"/);
    expect(card.match(/<tr>/g)?.length, name).toBe(31);
  }
  const refunded = await cardOf(client, "refunded");
  expect(refunded).toMatch(/aria-label="Refunded: at most €50\.00 \([^)]+\), last €0\.00/);
  expect(refunded).toMatch(/<td>€50\.00<\/td><td>€100\.00<\/td>/);
  const page = await client.get("/");
  expect(page.text).toMatch(/<a[^>]*aria-current="page"[^>]*href="\/"/);
});

test("what was asked and decided is in the times and shares, once it was", async () => {
  const app = await desk.app("decided");
  const [agent, approver] = [await desk.operator("agent"), await desk.operator("approver", app.slug)];
  const purchaseId = await desk.purchase(app.id);
  const asked = await agent.client.post("/api/v1/refunds", { purchaseId, amount: 100 });
  const id = /"id":"(rfd_\w+)"/.exec(asked.text)?.[1] ?? "";
  expect(await cardOf(approver.client, "policy")).toContain("0 by policy, 0 by people");
  const open = shown((await approver.client.get("/")).text);
  expect(open).toMatch(new RegExp(`data-need="awaiting".*href="/refunds/${id}"`, "s"));
  expect(shown((await agent.client.get("/")).text)).not.toContain('data-need="awaiting"');
  await approver.client.post(`/api/v1/refunds/${id}/reject`, { note: "Used it for a year" });
  expect(await cardOf(approver.client, "policy")).toContain("0 by policy, 1 by people");
  expect(await cardOf(approver.client, "decision")).toMatch(/Requests that people decided: 1.*half in/s);
  expect(shown((await approver.client.get("/")).text)).toContain("Nothing needs you.");
});
