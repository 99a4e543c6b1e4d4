import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { builtActions, callAction } from "./testing/call-action.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

// The pages of keys and policies as a browser without JavaScript gets and sends them.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  admin = await desk.operator("admin");
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

/** As the administrator of the desk, where several forms of a page have the same fields. */
async function run(name: string, path: string, fields: Record<string, string>) {
  const built = (await builtActions()).get(`(desk)/settings/${name}`);
  if (built === undefined) throw new Error(`there is no action ${name}`);
  return callAction(admin.client, built, path, fields);
}

const secretIn = /redress_agent_[0-9A-Za-z]{49}/;
const shown = (html: string) =>
  html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'").replaceAll("&quot;", '"');

async function send(client: Client, path: string, fields: Record<string, string>) {
  const answer = await (await fillIn(client, desk.url, path, fields)).send();
  return { ...answer, text: shown(answer.text) };
}

describe("the page of API keys", () => {
  const keys = "/settings/keys";
  const form = { name: "Support bot", days: "30", ratePerMinute: "60" };
  const use = (secret: string) =>
    desk.client().send("GET", "/api/v1/key", undefined, {
      headers: { origin: "", authorization: `Bearer ${secret}` },
    });

  it("makes one whose secret works and is shown once, for the chosen apps and permissions only", async () => {
    await desk.app("key-shop");
    const made = await send(admin.client, keys, {
      ...form,
      reach: "these",
      "app:key-shop": "on",
      "can:purchases.read": "on",
    });
    const [secret = ""] = secretIn.exec(made.text) ?? [];
    expect(secret.length).toBeGreaterThan(20);
    const used = await use(secret);
    expect([used.status, JSON.parse(used.text)]).toMatchObject([
      200,
      { key: { permissions: ["purchases.read"], apps: [{ slug: "key-shop" }] } },
    ]);
    const page = shown((await admin.client.get(keys)).text);
    expect(page).not.toContain(secret);
    expect(page).toContain("Support bot");
    expect(page).toContain("look at purchases");
  });

  it("refuses a key for nothing and for nowhere in words, keeping what was typed", async () => {
    const nothing = await send(admin.client, keys, { ...form, name: "Idle bot", reach: "all" });
    expect(nothing.text).toContain("Choose at least one thing that the key may do");
    expect(nothing.text).toContain('value="Idle bot"');
    const nowhere = await send(admin.client, keys, { ...form, reach: "these", "can:refunds.read": "on" });
    expect(nowhere.text).toContain("Choose at least one app");
  });

  it("gives it a new secret while the old one works on, and ends both for good", async () => {
    const { client } = await desk.operator("admin");
    const old = JSON.parse((await client.post("/api/v1/keys", { name: "Changing bot" })).text);
    const fresh = await send(client, keys, { overlapHours: "1", keyId: old.key.id });
    const [secret = ""] = secretIn.exec(fresh.text) ?? [];
    expect(secret).not.toBe(old.secret);
    expect([(await use(old.secret)).status, (await use(secret)).status]).toEqual([200, 200]);
    // Whoever sees a secret answers for it: a colleague is not offered a new one.
    expect(shown((await admin.client.get(keys)).text)).toContain("can make a new secret of this key");
    const ended = await run("keys/actions.ts endKey", keys, { keyId: old.key.id });
    expect(ended).toMatchObject({ code: null });
    expect([(await use(old.secret)).status, (await use(secret)).status]).toEqual([401, 401]);
    expect(shown((await admin.client.get(keys)).text)).toContain("Expired and revoked");
  });

  it("is for administrators of the whole desk", async () => {
    const shop = await desk.operator("admin", "key-shop");
    expect((await shop.client.get(keys)).headers.get("location")).toContain("/no-access");
    expect((await shop.client.get("/purchases")).text).not.toContain('href="/settings/keys"');
  });
});

describe("the page of policies", () => {
  const policies = "/settings/policies";
  const allow = { when: { amount: [{ currency: "usd", atMost: 5_000 }] }, verdict: "allow" };

  it("tries a draft on past requests before it is saved, shows what changes, and keeps versions", async () => {
    const app = await desk.app("policy-page");
    const { client } = await desk.operator("admin", app.slug);
    const purchaseId = await desk.purchase(app.id);
    await client.post("/api/v1/refunds", { purchaseId, amount: 1_200 });
    const path = `${policies}?app=${app.slug}`;
    const policy = JSON.stringify({ rules: [{ name: "Small", ...allow }] });
    const tried = await send(client, path, { policy, step: "try" });
    expect(tried.text).toContain("1 of the newest 1 requests of policy-page would have gone differently");
    expect(tried.text).toContain("$12.00");
    expect(tried.text).toContain("Rule 1 (Small) allows it.");
    expect(JSON.parse((await client.get(`/api/v1/apps/${app.slug}/policy`)).text)).toMatchObject({
      version: 0,
    });
    const saved = await send(client, path, { policy, step: "save" });
    expect(saved.text).toContain("Version 1 is in force");
    const page = shown((await client.get(path)).text);
    expect(page).toContain("when the amount is at most $50.00");
    expect(page).toContain("Refunded without a person");
    expect(page).toContain("Small: refunded without a person when the amount is at most $50.00");
    // Its author had read version 0.
    const late = await (
      await fillIn(client, desk.url, path, { policy, step: "save", seenVersion: "0" })
    ).send();
    expect(late.text).toContain('data-error-code="policy_changed"');
  });

  it("says what is wrong with a draft, and keeps it", async () => {
    const app = await desk.app("policy-wrong");
    const { client } = await desk.operator("admin", app.slug);
    const path = `${policies}?app=${app.slug}`;
    const endless = JSON.stringify({ rules: [{ when: {}, verdict: "allow" }] });
    const refused = await send(client, path, { policy: endless, step: "save" });
    expect(refused.text).toContain("must say up to which amount it allows");
    expect(refused.text).toContain('"verdict":"allow"');
    const broken = await send(client, path, { policy: "{", step: "try" });
    expect(broken.text).toContain("is not written as JSON");
    const none = await send(client, path, { policy: "null", step: "save" });
    expect(none.text).toContain("is not written as JSON");
  });

  it("lets who may look read it, and nobody else change it; another app's is not there", async () => {
    const app = await desk.app("policy-read");
    const viewer = await desk.operator("viewer", app.slug);
    const page = await viewer.client.get(`${policies}?app=${app.slug}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('name="policy"');
    const own = await desk.operator("admin", app.slug);
    // The desk's own is every app's.
    expect((await own.client.get(policies)).text).not.toContain('name="policy"');
    expect((await own.client.get(`${policies}?app=policy-page`)).status).toBe(404);
    expect((await admin.client.get(policies)).text).toContain('name="policy"');
  });

  it("has an app follow the desk's again", async () => {
    const app = await desk.app("policy-follow");
    const { client } = await desk.operator("admin", app.slug);
    await client.send("PUT", `/api/v1/apps/${app.slug}/policy`, { policy: { rules: [allow] } });
    const path = `${policies}?app=${app.slug}`;
    expect((await client.get(path)).text).toContain("Follow the desk");
    const fields = { app: app.slug, seenVersion: "1" };
    expect(await run("policies/actions.ts followDesk", path, fields)).toMatchObject({ code: null });
    const page = shown((await client.get(path)).text);
    expect(page).toContain("From here on the app follows the desk");
    expect(page).toContain("Every request is asked of an approver.");
    expect(page).not.toContain("Follow the desk’s</");
  });
});
