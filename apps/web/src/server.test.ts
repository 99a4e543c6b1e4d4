import { approveRefund } from "@redress/core/approvals/approve-refund";
import { setSingleAdminSetting } from "@redress/core/operators/single-admin";
import { requestRefund } from "@redress/core/refunds/request-refund";
import { operatorRoles, operators, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { count, eq, inArray } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { setPassword } from "./auth/set-password.ts";
import { startServer } from "./server.ts";
import { startDesk } from "./testing/desk.ts";

const refundAnswer = z.object({
  refund: z.object({ id: z.string(), status: z.string(), amount: z.number() }),
});

let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let alpha: Awaited<ReturnType<typeof desk.app>>;
let beta: Awaited<ReturnType<typeof desk.app>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const rows = async (table: typeof operators | typeof operatorRoles | typeof refunds) =>
  (await desk.dependencies.database.select({ count: count() }).from(table))[0]?.count;

describe("a new desk", () => {
  it("makes exactly one first administrator, however many try at once, and then closes", async () => {
    const people = ["ada", "eve", "mallory", "trent"].map((name) => ({
      name,
      email: `${name}@example.com`,
      password: "correct horse battery staple",
    }));
    const answers = await Promise.all(people.map((person) => desk.client().post("/api/setup", person)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await rows(operators)).toBe(1);
    expect(await rows(operatorRoles)).toBe(1);
    const late = await desk.client().post("/api/setup", { ...people[0], email: "late@example.com" });
    expect([late.status, late.code]).toEqual([403, "permission_denied"]);
  });

  it("takes no sign-up from outside", async () => {
    const eve = { name: "Eve", email: "eve@example.com", password: "correct horse battery staple" };
    const before = await rows(operators);
    expect((await desk.client().post("/api/auth/sign-up/email", eve)).status).toBe(404);
    expect(await rows(operators)).toBe(before);
  });
});

describe("who may do what", () => {
  beforeAll(async () => {
    alpha = await desk.app("alpha");
    beta = await desk.app("beta");
  });

  it.each([
    ["GET", "/api/v1/refunds"],
    ["POST", "/api/v1/refunds"],
    ["GET", "/api/v1/purchases"],
    ["GET", "/api/v1/apps"],
    ["PATCH", "/api/v1/apps/alpha"],
    ["GET", "/api/v1/audit/verify"],
    ["GET", "/api/v1/events"],
    ["GET", "/api/v1/events/evt_1"],
    ["POST", "/api/v1/events/evt_1/replay"],
    ["POST", "/api/v1/events/replay"],
    ["POST", "/api/v1/apps/alpha/events/pull"],
    ["GET", "/api/v1/dead-letters"],
    ["POST", "/api/v1/dead-letters/msg_1/replay"],
    ["GET", "/api/v1/proposals"],
    ["POST", "/api/v1/proposals/prp_1/accept"],
    ["POST", "/api/v1/proposals/prp_1/dismiss"],
    ["GET", "/api/v1/operators"],
    ["POST", "/api/stripe/connect/disconnect"],
  ])("%s %s needs a signed-in operator", async (method, path) => {
    const answer = await desk.client().send(method, path, method === "GET" ? undefined : {});
    expect([answer.status, answer.code]).toEqual([401, "sign_in_required"]);
    expect(answer.headers.get("x-correlation-id")).toMatch(/^cor_/);
  });

  // Status that each role gets, with a role in alpha only; 404 hides what belongs to beta.
  const table = [
    ["GET", () => "/api/v1/purchases", { viewer: 200, agent: 200, approver: 200, admin: 200 }],
    ["POST", () => "/api/v1/refunds", { viewer: 403, agent: 201, approver: 201, admin: 201 }],
    ["PATCH", () => "/api/v1/apps/alpha", { viewer: 403, agent: 403, approver: 403, admin: 200 }],
    ["PATCH", () => "/api/v1/apps/beta", { viewer: 403, agent: 403, approver: 403, admin: 404 }],
    ["GET", () => "/api/v1/apps/beta", { viewer: 404, agent: 404, approver: 404, admin: 404 }],
    ["GET", () => "/api/v1/audit", { viewer: 403, agent: 403, approver: 200, admin: 200 }],
    ["GET", () => "/api/v1/audit/verify", { viewer: 403, agent: 403, approver: 403, admin: 403 }],
    ["GET", () => "/api/v1/events", { viewer: 403, agent: 403, approver: 200, admin: 200 }],
    ["GET", () => "/api/v1/dead-letters", { viewer: 403, agent: 403, approver: 200, admin: 200 }],
    ["GET", () => "/api/v1/proposals", { viewer: 200, agent: 200, approver: 200, admin: 200 }],
    ["GET", () => "/api/v1/operators", { viewer: 403, agent: 403, approver: 403, admin: 403 }],
  ] as const;

  it.each(["viewer", "agent", "approver", "admin"] as const)("a role of one app: %s", async (role) => {
    const { client } = await desk.operator(role, "alpha");
    for (const [method, path, statuses] of table) {
      const body = {
        POST: { purchaseId: await desk.purchase(alpha.id) },
        PATCH: { name: "alpha" },
        GET: undefined,
      };
      const { status } = await client.send(method, path(), body[method]);
      expect([method, path(), status]).toEqual([method, path(), statuses[role]]);
    }
  });

  it("never shows or touches another app's purchase", async () => {
    const { client } = await desk.operator("admin", "alpha");
    const foreign = await desk.purchase(beta.id, { customerEmail: "secret@example.com" });
    const shown = await client.get(`/api/v1/purchases/${foreign}`);
    const unknown = await client.get("/api/v1/purchases/pur_00000000000000000000");
    expect([shown.status, shown.code]).toEqual([404, "purchase_not_found"]);
    // Word for word what an unknown one gets, so that existence does not show either.
    expect(shown.text).toBe(unknown.text);
    expect((await client.post("/api/v1/refunds", { purchaseId: foreign })).code).toBe("purchase_not_found");
    expect((await client.get("/api/v1/purchases?query=secret")).text).not.toContain("secret@example.com");
    expect((await client.get(`/purchases/${foreign}`)).status).toBe(404);
  });

  it("lets nobody approve their own request, nor an agent approve at all", async () => {
    const asker = await desk.operator("approver", "alpha");
    const other = await desk.operator("agent", "alpha");
    const { refund } = (
      await asker.client.post("/api/v1/refunds", { purchaseId: await desk.purchase(alpha.id) })
    ).as(refundAnswer);
    const path = `/api/v1/refunds/${refund.id}/approve`;
    expect((await asker.client.post(path)).code).toBe("own_request");
    expect((await other.client.post(path)).code).toBe("permission_denied");
    const judge = await desk.operator("approver", "alpha");
    // Nothing was sent yet, so there is no wait to end.
    const supersede = `/api/v1/refunds/${refund.id}/supersede`;
    expect((await other.client.post(supersede)).code).toBe("permission_denied");
    expect((await judge.client.post(supersede)).code).toBe("not_supersedable");
    expect((await judge.client.post(path, { note: "fine" })).as(refundAnswer).refund.id).toBe(refund.id);
  });
});

describe("a company of one", () => {
  it("lets its only administrator approve their own once it has said so, and not with a second one", async () => {
    const [admin] = await desk.dependencies.database
      .select({ id: operatorRoles.operatorId })
      .from(operatorRoles)
      .where(eq(operatorRoles.grantedBy, "setup"));
    const me = { operatorId: admin?.id ?? "", correlationId: "cor_test" };
    const actor = { kind: "operator", id: me.operatorId } as const;
    const ask = async () => {
      const purchaseId = await desk.purchase(alpha.id);
      const { id } = await requestRefund(desk.dependencies, {
        requester: actor,
        purchaseId,
        correlationId: "cor",
      });
      return id;
    };
    const roles = desk.dependencies.database.select({ id: operatorRoles.operatorId }).from(operatorRoles);
    const others = (await roles.where(eq(operatorRoles.role, "admin"))).filter(
      ({ id }) => id !== me.operatorId,
    );
    await desk.dependencies.database
      .delete(operatorRoles)
      .where(inArray(operatorRoles.operatorId, ["none", ...others.map(({ id }) => id)]));
    const approve = async () => approveRefund(desk.dependencies, { ...me, refundId: await ask() });
    await expect(approve()).rejects.toMatchObject({ code: "own_request" });
    await setSingleAdminSetting(desk.dependencies, { value: true, actor, correlationId: "cor" });
    expect((await approve()).approval?.selfApproved).toBe(true);
    await desk.operator("admin");
    await expect(approve()).rejects.toMatchObject({ code: "own_request" });
  });
});

describe("a new password", () => {
  it("ends every session of its owner, and the old one no longer signs in", async () => {
    const { client, email, operatorId } = await desk.operator("viewer");
    expect((await client.get("/api/v1/apps")).status).toBe(200);
    const actor = { kind: "system", id: "test" } as const;
    await setPassword(desk.dependencies, {
      operatorId,
      password: "another good one",
      actor,
      correlationId: "cor",
    });
    expect((await client.get("/api/v1/apps")).code).toBe("sign_in_required");
    expect((await desk.client().signIn(email, "a password for tests only")).status).toBe(401);
    expect((await desk.client().signIn(email, "another good one")).status).toBe(200);
  });
});

describe("what a browser can be tricked into", () => {
  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["a sandboxed frame", { origin: "null" }],
    ["nothing at all", { origin: "" }],
    ["a neighbour's subdomain", { origin: "", "sec-fetch-site": "same-site" }],
  ])("changes nothing when sent from %s", async (_from, headers) => {
    const { client } = await desk.operator("admin");
    const purchaseId = await desk.purchase(alpha.id);
    const before = await rows(refunds);
    const answer = await client.post("/api/v1/refunds", { purchaseId }, { headers });
    expect([answer.status, answer.code]).toEqual([403, "permission_denied"]);
    expect(await rows(refunds)).toBe(before);
  });

  it("cannot be framed, sniffed or scripted, and hostile names stay text", async () => {
    const { client } = await desk.operator("viewer");
    const customerName = `</script><script>alert("pwned")</script>`;
    const page = await client.get(`/purchases/${await desk.purchase(alpha.id, { customerName })}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain("<script>alert(");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    // Every script that is in the page carries the nonce of this answer.
    expect(page.text.match(/<script(?![^>]*nonce=)/g)).toBeNull();
    expect(page.text).toContain(`nonce="${nonce}"`);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    const again = await client.get("/purchases");
    expect(again.headers.get("content-security-policy")).not.toContain(nonce);
  });

  it("keeps the session in a cookie that scripts and other sites do not get", async () => {
    const { email } = await desk.operator("viewer");
    const answer = await desk.client().signIn(email, "a password for tests only");
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^redress\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
  });

  it.each([
    ["for one account", 8, "198.51.100.7", () => "nobody@example.com"],
    ["for many accounts", 20, "198.51.100.8", (attempt: number) => `nobody-${attempt}@example.com`],
  ])("stops guessing of passwords from one address %s", async (_how, allowed, address, emailOf) => {
    const client = desk.client();
    const headers = { "x-forwarded-for": address };
    const statuses: number[] = [];
    for (let attempt = 0; attempt <= allowed; attempt++) {
      const guess = { email: emailOf(attempt), password: "not the password" };
      statuses.push((await client.post("/api/auth/sign-in/email", guess, { headers })).status);
    }
    expect(statuses.slice(0, allowed)).toEqual(Array(allowed).fill(401));
    expect(statuses.at(-1)).toBe(429);
  });

  it("does not follow a sign-in to another site", async () => {
    const page = await desk.client().get("/sign-in?next=https://evil.example");
    expect(page.status).toBe(200);
    const redirected = await desk.client().get("/refunds?show=done");
    expect(redirected.headers.get("location")).toBe("/sign-in?next=%2Frefunds%3Fshow%3Ddone");
  });
});

describe("what bad input gets", () => {
  it.each([
    ["no JSON", "{", "invalid_input"],
    ["a list", "[]", "invalid_input"],
    ["an unknown field", { purchaseId: "x", amuont: 1 }, "invalid_input"],
    ["half a cent", { purchaseId: "x", amount: 0.5 }, "invalid_input"],
    ["a negative amount", { purchaseId: "x", amount: -1 }, "invalid_input"],
    ["an unknown purchase", { purchaseId: "pur_nope" }, "purchase_not_found"],
    ["a body that never ends", JSON.stringify({ note: "x".repeat(100_000) }), "invalid_input"],
  ])("%s: the one error shape, and nothing done", async (_what, body, code) => {
    const { client } = await desk.operator("agent");
    const before = await rows(refunds);
    expect((await client.post("/api/v1/refunds", body)).code).toBe(code);
    expect(await rows(refunds)).toBe(before);
  });

  it("never takes more than is left, and a repeated request is the same refund", async () => {
    const { client } = await desk.operator("agent");
    const purchaseId = await desk.purchase(alpha.id);
    const headers = { "idempotency-key": "customer-mail-17" };
    const ask = (amount: number) => client.post("/api/v1/refunds", { purchaseId, amount }, { headers });
    const first = (await ask(4_000)).as(refundAnswer).refund;
    expect((await ask(4_000)).as(refundAnswer).refund.id).toBe(first.id);
    expect((await ask(4_001)).code).toBe("request_key_conflict");
    // Such a key would stand for a click on a proposal.
    const reserved = { headers: { "idempotency-key": "proposal:prp_1" } };
    const refused = await client.post("/api/v1/refunds", { purchaseId, amount: 1_000 }, reserved);
    expect([refused.status, refused.code]).toEqual([400, "invalid_input"]);
    const over = await client.post("/api/v1/refunds", { purchaseId, amount: 6_001 });
    expect([over.status, over.code]).toEqual([409, "amount_exceeds_remaining"]);
    const rest = await client.post("/api/v1/refunds", { purchaseId });
    expect(rest.as(refundAnswer).refund.amount).toBe(6_000);
  });
});

describe("programs that are not signed in", () => {
  it("an app's report counts only under the app's own signature", async () => {
    const purchaseId = await desk.purchase(alpha.id, { stripeChargeId: "ch_reported" });
    const body = JSON.stringify({
      type: "purchase.reported",
      data: { stripe_charge_id: "ch_reported", product_name: "A course" },
    });
    const sign = (secret: string) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", new Date(), body),
      origin: "",
    });
    const send = (slug: string, headers: Record<string, string>) =>
      desk.client().post(`/api/v1/apps/${slug}/purchases`, body, { headers });
    const good = await send("alpha", sign(alpha.notificationSecret));
    expect([good.status, good.text]).toEqual([200, JSON.stringify({ purchase_id: purchaseId })]);
    expect((await send("alpha", sign(beta.notificationSecret))).code).toBe("signature_invalid");
    // Beta signs rightly, but the charge is not beta's.
    expect((await send("beta", sign(beta.notificationSecret))).code).toBe("purchase_not_found");
    expect((await send("alpha", { origin: "" })).code).toBe("signature_invalid");
  });

  it("Stripe's endpoint answers in front of Next: 400 unsigned, however large; 413 too large", async () => {
    const client = desk.client();
    const unsigned = await client.post("/api/stripe/webhooks", { id: "evt_1" });
    expect([unsigned.status, unsigned.code]).toEqual([400, "webhook_signature_invalid"]);
    const body = "x".repeat(2 * 1024 * 1024);
    const unread = await client.post("/api/stripe/webhooks", body);
    expect([unread.status, unread.code]).toEqual([400, "webhook_signature_invalid"]);
    const signature = `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}`;
    const large = await client.post("/api/stripe/webhooks", body, {
      headers: { "Stripe-Signature": signature },
    });
    expect([large.status, large.code]).toEqual([413, "webhook_body_too_large"]);
  });

  it("serves no workflows where they run on PostgreSQL", async () => {
    const answer = await desk.client().post("/api/inngest", {});
    expect([answer.status, answer.code]).toEqual([404, "not_found"]);
  });

  it("health says whether the desk can work", async () => {
    expect((await desk.client().get("/api/health")).text).toBe(
      JSON.stringify({ status: "ok", mode: "sandbox" }),
    );
  });
});

describe("starting and stopping", () => {
  it("says what is missing before anything starts", async () => {
    await expect(startServer({ env: {} })).rejects.toThrow(/No Stripe variable is set/);
    const half = startServer({ env: { STRIPE_SECRET_KEY: "sk_test_1", NEXT_PUBLIC_URL: "nowhere" } });
    const { problems } = await half.then(
      () => ({ problems: [] }),
      (error) => z.object({ problems: z.array(z.object({ variable: z.string() })) }).parse(error),
    );
    const named = problems.map(({ variable }) => variable);
    expect(named).toEqual(expect.arrayContaining(["STRIPE_WEBHOOK_SECRET", "NEXT_PUBLIC_URL"]));
  });

  it("says that the port is taken, and leaves the desk that has it alone", async () => {
    const port = Number(new URL(desk.url).port);
    await expect(startServer({ env: desk.env, port })).rejects.toThrow(`Port ${port} is taken`);
    expect((await desk.client().get("/api/health")).status).toBe(200);
  });

  it("ends within moments when told to, twice as well as once, and takes no more requests", async () => {
    await Promise.all([desk.server.close(), desk.server.close()]);
    await expect(desk.client().get("/api/health")).rejects.toThrow("fetch failed");
  });
});
