import type { Logger } from "@redress/core/dependencies";
import { settleRefund } from "@redress/core/refunds/settle-refund";
import { startReceiver } from "@redress/core/testing/receiver";
import { auditLogs, notifications, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { onSandbox } from "./testing/on-sandbox.ts";
import { enter, makeLink, openLink } from "./testing/open-link.ts";

// An app's developer, without an account and without JavaScript, on the desk as npm start runs it. Invariant 7: a link
// shows and mends one app's notifications, and nothing else.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
const logged: object[] = [];
const keep = (facts: object, sentence: string) => void logged.push({ ...facts, sentence });
const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };

beforeAll(async () => {
  await buildWeb(() => undefined);
  receiver = await startReceiver();
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { logger, env: { REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true" } });
  admin = await desk.operator("admin");
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  await receiver?.close();
});

const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");
const away = (answer: { headers: Headers }) => answer.headers.get("location") ?? "";
const soon = { timeout: 20_000, interval: 100 };

async function send(client: Client, path: string, fields: Record<string, string>) {
  const answer = await (await fillIn(client, desk.url, path, fields)).send();
  return { ...answer, text: shown(answer.text) };
}

/** An app whose address answers, and a developer's browser with a link to it. */
async function told(slug: string) {
  const app = await connectedApp(slug);
  const { client } = admin;
  const set = await client.send("PATCH", `/api/v1/apps/${slug}`, { notificationUrl: receiver.url });
  expect(set.status).toBe(200);
  return { ...app, developer: await openLink(desk, client, slug) };
}

/** Has the app decline a message about a refund. */
async function declined({ id: appId, account }: { id: string; account: string }): Promise<string> {
  const { dependencies } = desk;
  const charge = await sandbox.admin.createCharge({ account, amount: 900, currency: "usd", silent: true });
  await desk.purchase(appId, { stripeChargeId: charge.id, amountCaptured: 900 });
  receiver.answer({ status: 200, body: '{"status":"declined","reason":"who are you?"}' });
  const stripeRefund = await dependencies.stripe.refunds.create(
    { charge: charge.id },
    { stripeAccount: account },
  );
  const word = { source: "stripe_webhook", correlationId: "cor_test", fresh: true } as const;
  await settleRefund(dependencies, { stripeRefund, accountId: account, ...word });
  dependencies.wakeOutbox();
  return vi.waitFor(async () => {
    const [row] = await dependencies.database
      .select({ id: notifications.id, status: notifications.status })
      .from(notifications)
      .innerJoin(refunds, eq(refunds.id, notifications.refundId))
      .where(eq(refunds.stripeRefundId, stripeRefund.id));
    expect(row?.status).toBe("declined");
    return row?.id ?? "";
  }, soon);
}

async function stateOf(id: string): Promise<string | undefined> {
  const { database } = desk.dependencies;
  const [row] = await database.select().from(notifications).where(eq(notifications.id, id));
  return row?.status;
}

describe("a link for an app's developer", () => {
  it("is made on the app's page, shown once, opened by a click, and then stands in no address", async () => {
    await desk.app("linked");
    const path = "/settings/integrations/linked/developer";
    const made = await send(admin.client, path, { name: "Grace", expiresIn: "1d" });
    const [url = ""] = /http[^"<]*\/portal\/open\?token=[\w-]{43}/.exec(made.text) ?? [];
    const token = new URL(url).searchParams.get("token") ?? "";
    const list = shown((await admin.client.get(path)).text);
    expect(list).toContain("Grace");
    expect(list).not.toContain(token);

    const developer = desk.client();
    const page = await developer.get(url.slice(desk.url.length));
    expect(shown(page.text)).toContain("Notifications of linked");
    expect(page.text).toMatch(/<meta name="referrer" content="no-referrer"\/?>/);
    expect(page.headers.getSetCookie()).toEqual([]);
    // A page that names itself to nobody sends a form like this.
    const headers = { origin: "null", "sec-fetch-site": "same-origin" };
    const opened = await enter(developer, token, headers);
    expect([opened.status, away(opened)]).toEqual([303, `${desk.url}/portal`]);
    const [cookie = ""] = opened.headers.getSetCookie();
    expect(cookie).toMatch(
      /^redress_portal=[\w-]{43}; Path=\/portal; Expires=[^;]+; HttpOnly; SameSite=lax$/i,
    );
    expect(cookie).not.toContain(token);
    expect(shown((await developer.get("/portal")).text)).toContain("Nothing sent yet");
    // The same browser may follow the link again; in another it opens nothing.
    expect(away(await developer.get(`/portal/open?token=${token}`))).toBe("/portal");
    expect(away(await desk.client().get(`/portal/open?token=${token}`))).toBe("/portal/ended");
    expect(away(await enter(desk.client(), token))).toBe(`${desk.url}/portal/ended`);
    expect(JSON.stringify(logged)).not.toContain(token);
  });

  it("is not opened by another site's page, nor by whatever looks at links", async () => {
    const { slug } = await desk.app("looked-at");
    const { token } = await makeLink(admin.client, slug);
    const foreign = await enter(desk.client(), token, { origin: "https://evil.example" });
    expect(foreign.code).toBe("permission_denied");
    for (const site of ["cross-site", "same-site"]) {
      const framed = await enter(desk.client(), token, { origin: "null", "sec-fetch-site": site });
      expect(framed.code, site).toBe("permission_denied");
    }
    for (let count = 0; count < 3; count += 1) await desk.client().get(`/portal/open?token=${token}`);
    // Over plain http a browser says no more than this.
    expect(away(await enter(desk.client(), token, { origin: "null" }))).toBe(`${desk.url}/portal`);
  });

  it("that is unknown, revoked or none leads to one page, for pages and forms alike", async () => {
    const { slug } = await desk.app("ended");
    const link = await makeLink(admin.client, slug);
    const developer = desk.client();
    await enter(developer, link.token);
    const form = await fillIn(developer, desk.url, "/portal", { rotate: "secret" });
    const path = `/api/v1/apps/${slug}/portal-links`;
    const ended = await admin.client.post(`${path}/${link.id}/revoke`);
    expect(JSON.parse(ended.text)).toMatchObject({ link: { status: "revoked" } });
    for (const page of ["/portal", "/portal/deliveries/ntf_none"]) {
      expect(away(await developer.get(page)), page).toBe("/portal/ended");
      expect(away(await desk.client().get(page)), page).toBe("/portal/ended");
    }
    expect(away(await form.send())).toBe("/portal/ended");
    expect(away(await developer.get("/portal/open?token=made-up"))).toBe("/portal/ended");
    expect(away(await enter(developer, "made-up"))).toBe(`${desk.url}/portal/ended`);
    const page = await desk.client().get("/portal/ended");
    expect([page.status, shown(page.text)]).toEqual([
      200,
      expect.stringContaining("This link opens nothing"),
    ]);
    const listed = z.object({ links: z.array(z.object({ status: z.string() })) });
    expect((await admin.client.get(path)).as(listed).links).toMatchObject([{ status: "revoked" }]);
  });

  it("is made, listed and revoked by who may manage the app, and by nobody else", async () => {
    const { slug } = await desk.app("managed");
    const path = `/api/v1/apps/${slug}/portal-links`;
    const body = { name: "Ada", expiresIn: "1h" };
    const approver = await desk.operator("approver", slug);
    const { slug: elsewhere } = await desk.app("managed-elsewhere");
    const stranger = await desk.operator("admin", elsewhere);
    expect((await approver.client.post(path, body)).code).toBe("permission_denied");
    expect((await stranger.client.post(path, body)).code).toBe("app_not_found");
    expect((await admin.client.post(path, { ...body, expiresIn: "30d" })).code).toBe("invalid_input");
    const link = await makeLink(admin.client, slug);
    const foreign = await stranger.client.post(`/api/v1/apps/${elsewhere}/portal-links/${link.id}/revoke`);
    expect(foreign.code).toBe("portal_link_not_found");
    expect(away(await enter(desk.client(), link.token))).toBe(`${desk.url}/portal`);
  });
});

describe("through a link", () => {
  it("the developer sees what their app was told and answered, and nothing of another app", async () => {
    const app = await told("seen");
    const { developer } = app;
    const [own, foreign] = [await declined(app), await declined(await told("unseen"))];
    const list = (await developer.get("/portal")).text;
    expect(list).toContain(`/portal/deliveries/${own}`);
    expect(list).not.toContain(foreign);
    const detail = shown((await developer.get(`/portal/deliveries/${own}`)).text);
    for (const word of ["customer@example.com", "who are you?", "Declined", "Send again"]) {
      expect(detail).toContain(word);
    }
    expect(detail).not.toContain("v1,");
    expect(detail).not.toContain('href="/refunds');
    const missing = await developer.get(`/portal/deliveries/${foreign}`);
    const unknown = await developer.get("/portal/deliveries/ntf_none");
    expect([missing.status, unknown.status]).toEqual([404, 404]);
    expect(missing.text).not.toContain("customer@example.com");
    const form = await fillIn(developer, desk.url, `/portal/deliveries/${own}`, { notificationId: foreign });
    expect((await form.send()).text).toContain('data-error-code="notification_not_found"');
    expect(await stateOf(foreign)).toBe("declined");
  });

  it("they ping, send one and those of some days again, and rotate the secret: the log names the link", async () => {
    const app = await told("mended");
    const { developer } = app;
    const [first, second] = [await declined(app), await declined(app)];
    const other = await declined(await told("unmended"));
    receiver.answer({ status: 200, body: '{"status":"done"}' });
    expect((await send(developer, "/portal", { send: "ping" })).text).toContain("answered 200");

    const again = await send(developer, `/portal/deliveries/${first}`, { notificationId: first });
    expect(away(again)).toBe(`/portal/deliveries/${first}`);
    await vi.waitFor(async () => expect(await stateOf(first)).toBe("done"), soon);
    const window = { since: "2020-01-01", until: "", state: "declined" };
    const counted = await send(developer, "/portal", { ...window, step: "count" });
    expect(counted.text).toContain("Send 1 message again");
    const sent = await send(developer, "/portal", { ...window, step: "send" });
    expect(sent.text).toContain("1 message queued to be sent again");
    await vi.waitFor(async () => expect(await stateOf(second)).toBe("done"), soon);
    expect(await stateOf(other)).toBe("declined");

    const rotated = await send(developer, "/portal", { rotate: "secret" });
    expect(rotated.text).toMatch(/whsec_[A-Za-z0-9+/=]{40,}/);
    expect(rotated.text).toContain("stays good for 24 hours");
    expect((await developer.get("/portal")).text).not.toContain("whsec_");

    const done = await desk.dependencies.database
      .select({ action: auditLogs.action })
      .from(auditLogs)
      .where(and(eq(auditLogs.appId, app.id), eq(auditLogs.actorKind, "portal_link")))
      .orderBy(auditLogs.id);
    expect(done.map(({ action }) => action)).toEqual([
      ...["portal_link_opened", "ping_sent", "portal_delivery_read", "notification_resent"],
      ...["notification_resent", "app_updated"],
    ]);
    const page = shown((await admin.client.get("/audit?actorKind=portal_link")).text);
    expect(page).toContain("Ada of the shop (link)");
  });

  it("is no way into the desk: its cookie opens no page, no call and no form of it", async () => {
    const { slug, developer } = await told("bounded");
    expect(away(await developer.get("/deliveries"))).toContain("/sign-in");
    expect((await developer.get("/api/v1/deliveries")).code).toBe("sign_in_required");
    expect((await developer.post(`/api/v1/apps/${slug}/ping`)).code).toBe("sign_in_required");
    expect((await admin.client.get("/portal")).headers.get("location")).toBe("/portal/ended");
  });
});
