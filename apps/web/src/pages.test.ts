import type { Logger } from "@redress/core/dependencies";
import { setSingleAdminSetting } from "@redress/core/operators/single-admin";
import { apps, operatorRoles, operatorSessions } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

// Pages and their forms as a browser without JavaScript gets and sends them.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let app: Awaited<ReturnType<typeof desk.app>>;
const errors: object[] = [];
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (facts) => errors.push(facts),
};

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { logger });
  app = await desk.app("alpha");
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");

const sendForm = (client: Client, path: string, fields: Record<string, string>) =>
  fillIn(client, desk.url, path, fields);
const review = { amount: "10.00", reason: "duplicate", note: "", step: "review" };

describe("an address that somebody edited", () => {
  it.each([
    "/purchases?cursor=xx",
    "/purchases?query=%00",
    "/refunds?cursor=xx",
    "/events?cursor=xx",
    "/audit?cursor=xx",
    "/audit?cursor=99999999999999999999",
    "/approvals?cursor=xx",
    "/?time=xx&app=%00&currency=EURO",
  ])("%s shows the list from its start", async (path) => {
    const { client } = await desk.operator("admin");
    const page = await client.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("</h1>");
    expect(page.text).not.toContain("could not be shown");
  });

  it("a program is told which field is wrong", async () => {
    const { client } = await desk.operator("admin");
    const answer = await client.get("/api/v1/audit?cursor=xx");
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
    expect(answer.text).toContain('"field":"cursor"');
  });
});

describe("a page that cannot be shown", () => {
  it("is in the desk's log, under what the reader sees", async () => {
    const { client } = await desk.operator("admin");
    const { database } = desk.dependencies;
    await database.execute(sql`alter table stripe_events rename to gone`);
    const page = await client.get("/events?cursor=ada@example.com").finally(async () => {
      await database.execute(sql`alter table gone rename to stripe_events`);
    });
    const logged = errors.find((facts) => "route" in facts);
    expect(page.status).toBe(500);
    expect(logged).toMatchObject({ method: "GET", path: "/events", digest: expect.stringMatching(/^\d+/) });
    expect(page.text).toContain(logged && "digest" in logged ? logged.digest : "no digest");
  });
});

describe("a session that has ended", () => {
  it("in a form leads to signing in, says so, and leads back", async () => {
    const { client, operatorId, email } = await desk.operator("agent");
    const path = `/purchases/${await desk.purchase(app.id)}`;
    const form = await sendForm(client, path, review);
    await desk.dependencies.database.delete(operatorSessions).where(eq(operatorSessions.userId, operatorId));
    const { headers } = await form.send();
    const signIn = headers.get("location") ?? "";
    expect(signIn).toBe(`/sign-in?next=${encodeURIComponent(path)}&ended=1`);
    expect((await client.get(signIn)).text).toContain("Your session has ended. Sign in to go on.");
    const again = await sendForm(client, signIn, { email, password: "a password for tests only" });
    expect((await again.send()).headers.get("location")).toBe(path);
  });

  it("is told from never having signed in", async () => {
    const never = desk.client();
    expect((await never.get("/refunds")).headers.get("location")).toBe("/sign-in?next=%2Frefunds");
    expect((await never.get("/sign-in?next=%2Frefunds")).text).not.toContain("session has ended");
    expect((await never.get("/api/v1/refunds")).text).toContain("Sign in first");
    const { client, operatorId } = await desk.operator("agent");
    await desk.dependencies.database.delete(operatorSessions).where(eq(operatorSessions.userId, operatorId));
    expect((await client.get("/api/v1/refunds")).text).toContain("Your session has ended");
    expect((await client.get("/refunds")).headers.get("location")).toContain("ended=1");
  });
});

describe("a refused form", () => {
  it("shows the money as it is now", async () => {
    const { client } = await desk.operator("agent");
    const purchaseId = await desk.purchase(app.id);
    const form = await sendForm(client, `/purchases/${purchaseId}`, { ...review, amount: "100.00" });
    expect(shown(form.page.text)).toContain("$100.00");
    await client.post("/api/v1/refunds", { purchaseId, amount: 9_900 });
    const page = shown((await form.send()).text);
    expect(page).toContain('data-error-code="amount_exceeds_remaining"');
    expect(page).toContain("Only $1.00");
  });
});

describe("what stands in the way of a request", () => {
  it("is said before it is approved, in the queue too", async () => {
    const { client } = await desk.operator("agent");
    const approver = await desk.operator("approver");
    const away = await desk.app("away");
    const { refund } = (
      await client.post("/api/v1/refunds", { purchaseId: await desk.purchase(away.id) })
    ).as(z.object({ refund: z.object({ id: z.string() }) }));
    expect((await approver.client.get("/approvals")).text).not.toContain("Not connected");
    const disconnected = {
      stripeAccountId: null,
      stripeLivemode: null,
      stripeScope: null,
      connectedAt: null,
      connectedBy: null,
    };
    await desk.dependencies.database.update(apps).set(disconnected).where(eq(apps.id, away.id));
    const queue = await approver.client.get("/approvals");
    expect(queue.text).toContain("Not connected");
    expect(queue.text).toContain("once approved, this waits until it is connected again");
    expect((await approver.client.get(`/refunds/${refund.id}`)).text).toContain("once approved, this waits");
    await approver.client.post(`/api/v1/refunds/${refund.id}/approve`);
    const decided = (await approver.client.get(`/approvals?decided=${refund.id}`)).text;
    expect(decided).toContain("Connect the same Stripe account again");
  });

  it("money held by open requests is said to be held, not to be $0.00", async () => {
    const { client } = await desk.operator("agent");
    const purchaseId = await desk.purchase(app.id);
    await client.post("/api/v1/refunds", { purchaseId });
    const answer = await client.post("/api/v1/refunds", { purchaseId, amount: 100 });
    expect(answer.code).toBe("amount_exceeds_remaining");
    expect(answer.text).toContain("Decide or withdraw them first");
  });
});

describe("a company of one", () => {
  it("reads what its setting means wherever a colleague was named", async () => {
    const { database } = desk.dependencies;
    await database.delete(operatorRoles).where(eq(operatorRoles.role, "admin"));
    const { client, operatorId } = await desk.operator("admin");
    expect((await client.get("/settings/people")).text).toContain("so a desk needs two");
    const actor = { kind: "operator", id: operatorId } as const;
    await setSingleAdminSetting(desk.dependencies, { value: true, actor, correlationId: "cor" });
    expect((await client.get("/settings/people")).text).toContain("The only administrator may approve");
    const path = `/purchases/${await desk.purchase(app.id)}`;
    const confirm = (await (await sendForm(client, path, review)).send()).text;
    expect(confirm).toContain("It waits until you approve it");
    const { refund } = (await client.post("/api/v1/refunds", { purchaseId: await desk.purchase(app.id) })).as(
      z.object({ refund: z.object({ id: z.string() }) }),
    );
    const waiting = (await client.get(`/refunds/${refund.id}`)).text;
    expect(waiting).not.toContain("colleague");
    await client.post(`/api/v1/refunds/${refund.id}/approve`);
    expect((await client.get(`/refunds/${refund.id}`)).text).toContain("Approved own request");
  });
});

describe("addresses that lead nowhere", () => {
  it("of pages stay in the desk's frame, those of the API have its error shape", async () => {
    const { client } = await desk.operator("viewer");
    const page = await client.get("/nowhere/at/all");
    expect(page.status).toBe(404);
    expect(page.text).toContain("Skip to the content");
    for (const path of ["/api/v1/nowhere", "/api/v1/refunds/rfd_1/nowhere", "/api/nowhere"]) {
      const answer = await client.get(path);
      expect([path, answer.status, answer.code]).toEqual([path, 404, "not_found"]);
    }
    expect((await client.post("/api/v1/nowhere")).code).toBe("not_found");
  });

  it("of settings and of a connection without its app lead to the apps", async () => {
    const { client } = await desk.operator("admin");
    const apps = `${desk.url}/settings/integrations`;
    const settings = await client.get("/settings");
    expect(new URL(settings.headers.get("location") ?? "", desk.url).href).toBe(apps);
    for (const query of ["app=nope", "appSlug=nope"]) {
      const answer = await client.get(`/api/stripe/connect/authorize?${query}`);
      expect(answer.headers.get("location")).toBe(`${apps}?error=unknown_app`);
    }
    const page = await client.get("/settings/integrations?error=unknown_app");
    expect(page.text).toContain("There is no such app");
  });
});
