import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Logger } from "@redress/core/dependencies";
import { auditLogs, operators, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { signingSnippet } from "./embed/signing-snippet.ts";
import type { Answer } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// A helpdesk's frame beside a ticket, as a browser without JavaScript and without cookies gets and sends it, on the desk as
// npm start runs it. The tokens are made by the code that docs/helpdesk.md gives.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
let agent: Awaited<ReturnType<typeof desk.operator>>;
let key: { keyId: string; secret: string };
let panelUrl: (of: Record<string, string | undefined>) => string;
const origin = "https://acme.zendesk.com";
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
const logged: object[] = [];
const keep = (facts: object, sentence: string) => void logged.push({ ...facts, sentence });
const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };
const snippet = z.object({
  panelUrl: z.custom<typeof panelUrl>((value) => typeof value === "function"),
});

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { logger });
  [admin, agent] = [await desk.operator("admin"), await desk.operator("agent")];
  key = await makeKey();
  const folder = await mkdtemp(join(tmpdir(), "redress-snippet-"));
  const file = join(folder, "sign.mjs");
  await writeFile(file, signingSnippet);
  ({ panelUrl } = snippet.parse(await import(/* @vite-ignore */ pathToFileURL(file).href)));
  await rm(folder, { recursive: true });
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const madeKey = z.object({ key: z.object({ id: z.string() }), secret: z.string() });
async function makeKey(given: Record<string, unknown> = {}) {
  const body = { name: "Zendesk", origins: [origin], ...given };
  const made = (await admin.client.post("/api/v1/embed-keys", body)).as(madeKey);
  return { keyId: made.key.id, secret: made.secret };
}

/** What the helpdesk's server makes for one look at a ticket. */
function ticketOf(customer: string, operator = agent.email, by = key): { path: string; token: string } {
  const url = panelUrl({ desk: desk.url, ...by, customer, operator, ticket: `${origin}/tickets/7` });
  const token = new URL(url).searchParams.get("token") ?? "";
  return { path: url.slice(desk.url.length), token };
}

const soon = { timeout: 20_000, interval: 100 };
const plain = (html: string) => html.replaceAll("&#39;", "'");
const look = (path: string) => desk.client().get(path);
/** A form of the panel's: nothing but its fields, as from a frame that names itself to nobody. */
const send = (fields: Record<string, string>): Promise<Answer> =>
  desk.client().send("POST", "/embed/purchase", new URLSearchParams(fields).toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded", origin: "null" },
  });
const framedBy = ({ headers }: Answer) =>
  /frame-ancestors ([^;]+)$/.exec(headers.get("content-security-policy") ?? "")?.[1];

/** Somebody who bought, on the app's account in the sandbox. */
async function customerOf(
  app: { id: string; account: string },
  { amount = 10_000, ...changes }: Parameters<typeof desk.purchase>[1] & { amount?: number } = {},
) {
  customers += 1;
  const email = `customer-${customers}@example.com`;
  const { account } = app;
  const charge = await sandbox.admin.createCharge({ account, amount, currency: "usd", silent: true });
  const purchaseId = await desk.purchase(app.id, {
    ...{ stripeChargeId: charge.id, amountCaptured: amount, customerEmail: email, customerName: "Ada" },
    ...changes,
  });
  return { email, purchaseId, chargeId: charge.id };
}
let customers = 0;

/** An app whose policy lets through up to USD 50.00. */
async function shop(slug: string) {
  const app = await connectedApp(slug);
  const approvalRules = [{ amount: 5_000, currency: "usd" }];
  expect((await admin.client.send("PATCH", `/api/v1/apps/${slug}`, { approvalRules })).status).toBe(200);
  return app;
}

describe("the panel", () => {
  it("is framed by the helpdesk's site and by no other, keeps no cookie, and stands in no log", async () => {
    const { path, token } = ticketOf("nobody@example.com");
    const page = await look(path);
    expect([page.status, framedBy(page)]).toEqual([200, origin]);
    expect(page.headers.get("x-frame-options")).toBeNull();
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(page.text).not.toContain("<script");
    expect(page.text).toContain("No purchase under this address");
    expect(JSON.stringify(logged)).not.toContain(token);
    // Nothing else of the desk is framed, whoever asks.
    for (const other of [
      "/sign-in",
      "/portal/ended",
      "/api/v1/openapi.json",
      "/embed",
      "/embed/purchase/more",
    ]) {
      const answer = await look(other);
      expect(answer.headers.get("x-frame-options"), other).toBe("DENY");
      if (!other.startsWith("/api")) expect(framedBy(answer), other).toBe("'none'");
    }
  });

  it("asks for a refund in two steps, once however often it is sent, as the person who looks", async () => {
    const app = await shop("panel-shop");
    const { email, purchaseId, chargeId } = await customerOf(app, { amount: 2_900, orderNumber: "TS-1042" });
    const { path, token } = ticketOf(email);
    const panel = plain((await look(path)).text);
    expect(panel).toContain("Allowed without approval");
    expect(panel).toContain("Found by the address alone");
    expect(panel.indexOf("Allowed without approval")).toBeLessThan(panel.indexOf("Refund $29.00"));
    const proven = plain((await send({ token, step: "view", proof: "TS-1042" })).text);
    expect(proven).toContain("Confirmed by what the customer told");

    const confirm = plain((await send({ token, step: "review", purchaseId })).text);
    expect(confirm).toContain(`to Ada (${email})`);
    expect(confirm).toContain("$29.00");
    const { database } = desk.dependencies;
    const own = eq(refunds.purchaseId, purchaseId);
    expect(await database.$count(refunds, own)).toBe(0);

    const asked = { token, step: "confirm", purchaseId, amount: "2900", reason: "duplicate", note: "" };
    const answers = await Promise.all([send(asked), send(asked), send(asked)]);
    for (const { status, text } of answers)
      expect([status, text]).toEqual([200, expect.stringMatching(/\$29\.00/)]);
    expect(await database.$count(refunds, own)).toBe(1);
    await vi.waitFor(async () => {
      const [refund] = await database.select().from(refunds).where(own);
      expect(refund).toMatchObject({ status: "succeeded", requestedById: agent.operatorId });
    }, soon);
    const { accounts } = await sandbox.admin.ledger();
    const made = accounts[app.account]?.refunds.filter(({ charge }) => charge === chargeId);
    expect(made).toMatchObject([{ amount: 2_900 }]);
    const requested = and(eq(auditLogs.purchaseId, purchaseId), eq(auditLogs.action, "refund_requested"));
    expect(await database.select().from(auditLogs).where(requested)).toMatchObject([
      { actorId: agent.operatorId, details: { via: "embed", embedKeyId: key.keyId } },
    ]);
    const other = await send({ ...asked, note: "Something else" });
    expect(plain(other.text)).toContain("Another refund of this purchase was asked for from this page");
    const after = plain((await look(ticketOf(email).path)).text);
    expect(after).toContain("Earlier refunds");
    expect(after).toContain("Refunded");
    expect(after).not.toContain("Refund $29.00");
  });

  it("says that a person has to approve, and asks them; what somebody may not is no button and no way", async () => {
    const app = await shop("panel-asks");
    const { email, purchaseId } = await customerOf(app);
    const { path, token } = ticketOf(email);
    expect(plain((await look(path)).text)).toContain("Needs one approver");
    const asked = { step: "confirm", purchaseId, amount: "10000", reason: "duplicate", note: "" };
    expect((await send({ ...asked, token })).text).toContain("It waits for an approval");

    const viewer = await desk.operator("viewer");
    const second = await customerOf(app);
    const looking = ticketOf(second.email, viewer.email);
    const shown = plain((await look(looking.path)).text);
    expect(shown).toContain("Needs one approver");
    expect(shown).not.toContain('<button class="primary"');
    const refused = await send({ ...asked, purchaseId: second.purchaseId, token: looking.token });
    expect(plain(refused.text)).toContain("Your role does not allow this");
    const { database } = desk.dependencies;
    expect(await database.$count(refunds, eq(refunds.purchaseId, second.purchaseId))).toBe(0);
    const noted = and(eq(auditLogs.actorId, viewer.operatorId), eq(auditLogs.action, "operator_refused"));
    expect(await database.$count(auditLogs, noted)).toBe(1);
  });

  it("shows what customers wrote as text", async () => {
    const app = await shop("panel-hostile");
    const hostile = "<img src=x onerror=alert(1)>";
    const { email, purchaseId } = await customerOf(app, { customerName: hostile, productName: hostile });
    const { path, token } = ticketOf(email);
    const pages = [await look(path), await send({ token, step: "review", purchaseId })];
    for (const { text } of pages) {
      expect(text).not.toContain("<img");
      expect(text).toContain("&lt;img src=x");
    }
  });

  it("of another customer, or of another purchase than the token's, is not to be had", async () => {
    const app = await shop("panel-others");
    const [ada, eve] = [await customerOf(app), await customerOf(app)];
    const { token } = ticketOf(ada.email);
    const review = await send({ token, step: "review", purchaseId: eve.purchaseId });
    expect(plain(review.text)).toContain("There is no such purchase of this customer");
    const changed = await look(`/embed/purchase?${new URLSearchParams({ email: eve.email, token })}`);
    expect([changed.status, changed.text]).toEqual([401, expect.not.stringContaining(eve.purchaseId)]);
  });
});

describe("what opens nothing says so in the frame, and shows nothing", () => {
  it.each<[string, string, () => string]>([
    ["no token", "'none'", () => ""],
    ["a made-up token", "'none'", () => "a.b.c"],
    [
      "a token of another secret",
      origin,
      () => ticketOf("a@example.com", agent.email, { ...key, secret: "x" }).token,
    ],
  ])("%s", async (_what, framing, token) => {
    for (const answer of [
      await look(`/embed/purchase?${new URLSearchParams({ token: token() })}`),
      await send({ token: token(), step: "view" }),
    ]) {
      expect([answer.status, framedBy(answer)]).toEqual([401, framing]);
      expect(answer.text).toContain("token is missing or wrong");
    }
  });

  it("a token that has ended asks for the ticket to be loaded again", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 10 * 60_000 });
    const { path } = ticketOf("a@example.com");
    vi.useRealTimers();
    const answer = await look(path);
    expect([answer.status, framedBy(answer)]).toEqual([401, origin]);
    expect(answer.text).toContain("Reload the ticket");
  });

  it("somebody who is not here, or was shut out", async () => {
    const gone = await desk.operator("admin");
    const { database } = desk.dependencies;
    await database
      .update(operators)
      .set({ deactivatedAt: new Date() })
      .where(eq(operators.id, gone.operatorId));
    for (const operator of ["stranger@example.com", gone.email]) {
      const answer = await look(ticketOf("a@example.com", operator).path);
      expect([answer.status, framedBy(answer)]).toEqual([403, origin]);
      expect(plain(answer.text)).toContain("You may not look at purchases here");
    }
  });

  it("a form that no page of ours sends", async () => {
    const { token } = ticketOf("a@example.com");
    const answer = await send({ token, step: "confirm", purchaseId: "pur_none" });
    expect([answer.status, framedBy(answer)]).toEqual([400, origin]);
  });
});

describe("the page of helpdesks", () => {
  const path = "/settings/helpdesk";
  const typed = { name: "Front", origins: "https://app.frontapp.com", apps: "" };
  const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");

  it("makes a key whose secret is shown once, rotates and revokes it, and says what is no site", async () => {
    const wrong = await (await fillIn(admin.client, desk.url, path, { ...typed, origins: "*" })).send();
    expect(shown(wrong.text)).toContain("must be a site such as");
    const made = shown((await (await fillIn(admin.client, desk.url, path, typed)).send()).text);
    const [secret = ""] = /redress_embed_[\w-]{43}/.exec(made) ?? [];
    const [, keyId = ""] = /Its key id is (emb_[0-9a-z]{20})/.exec(made) ?? [];
    expect((await look(ticketOf("a@example.com", agent.email, { keyId, secret }).path)).status).toBe(200);
    const page = shown((await admin.client.get(path)).text);
    expect(page).toContain("https://app.frontapp.com");
    expect(page).not.toContain(secret);
    expect(page).toContain("createHmac");
    const rotated = await admin.client.post(`/api/v1/embed-keys/${keyId}/rotate`, { endPrevious: true });
    const fresh = rotated.as(madeKey).secret;
    const tries = [secret, fresh].map((one) =>
      look(ticketOf("a@example.com", agent.email, { keyId, secret: one }).path),
    );
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([401, 200]);
    await admin.client.post(`/api/v1/embed-keys/${keyId}/revoke`);
    const ended = await look(ticketOf("a@example.com", agent.email, { keyId, secret: fresh }).path);
    expect(ended.status).toBe(401);
  });

  it("is for administrators of the whole desk", async () => {
    const { slug } = await desk.app("helpdesk-app");
    const { client } = await desk.operator("admin", slug);
    expect((await client.get(path)).headers.get("location")).toContain("/no-access");
    expect((await client.get("/api/v1/embed-keys")).code).toBe("permission_denied");
  });
});
