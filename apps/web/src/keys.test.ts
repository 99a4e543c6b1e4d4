import { apiKeys, auditLogs, operatorRoles, refunds } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { everyRoute } from "./testing/every-route.ts";

// Agents' keys at the doors of the desk: an administrator makes and ends them, and they open what agents may do.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
let alpha: Awaited<ReturnType<typeof desk.app>>;
let beta: Awaited<ReturnType<typeof desk.app>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  admin = await desk.operator("admin");
  alpha = await desk.app("alpha");
  beta = await desk.app("beta");
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const keyAnswer = z.object({
  key: z.object({ id: z.string(), status: z.string(), secrets: z.array(z.object({ prefix: z.string() })) }),
  secret: z.string(),
});
const refundAnswer = z.object({
  refund: z.object({ id: z.string(), status: z.string(), amount: z.number() }),
});

async function makeKey(given: Record<string, unknown> = {}, maker = admin) {
  const body = { name: "Support bot", ratePerMinute: 6000, ...given };
  const answer = await maker.client.post("/api/v1/keys", body);
  expect(answer.status).toBe(201);
  return answer.as(keyAnswer);
}

/** What the log says of the key's refused use. */
async function refusals(keyId: string) {
  const entries = await desk.dependencies.database
    .select({ details: auditLogs.details })
    .from(auditLogs)
    .where(and(eq(auditLogs.actorId, keyId), eq(auditLogs.action, "api_key_refused")));
  return entries.map(({ details }) => details);
}

/** A program: no cookie, no origin, only its key. */
function agent(secret: string) {
  const client = desk.client();
  const headers = { origin: "", authorization: `Bearer ${secret}` };
  return {
    get: (path: string) => client.send("GET", path, undefined, { headers }),
    post: (path: string, body: unknown = {}, more: Record<string, string> = {}) =>
      client.send("POST", path, body, { headers: { ...headers, ...more } }),
    send: (method: string, path: string, body?: unknown) => client.send(method, path, body, { headers }),
  };
}

describe("keys are managed by administrators alone", () => {
  it("who make, see, rotate and revoke them; the secret is in the first answer only", async () => {
    const { key, secret } = await makeKey({ apps: ["alpha"] });
    const program = agent(secret);
    expect((await program.get("/api/v1/purchases")).status).toBe(200);
    const list = await admin.client.get("/api/v1/keys");
    expect(list.text).toContain(key.id);
    expect(list.text).not.toContain(secret);
    const rotated = (
      await admin.client.post(`/api/v1/keys/${key.id}/rotate`, { oldWorksUntil: "2026-01-01T00:00:00Z" })
    ).as(keyAnswer);
    expect((await program.get("/api/v1/purchases")).code).toBe("key_expired");
    expect((await agent(rotated.secret).get("/api/v1/purchases")).status).toBe(200);
    expect((await admin.client.post(`/api/v1/keys/${key.id}/revoke`)).status).toBe(200);
    const ended = await agent(rotated.secret).get("/api/v1/purchases");
    expect([ended.status, ended.code, ended.headers.get("www-authenticate")]).toEqual([
      401,
      "key_revoked",
      "Bearer",
    ]);
    const told = await desk.dependencies.database
      .select({ action: auditLogs.action })
      .from(auditLogs)
      .where(eq(auditLogs.actorId, admin.operatorId))
      .orderBy(auditLogs.id);
    expect(told.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["api_key_created", "api_key_rotated", "api_key_revoked"]),
    );
  });

  it.each(["viewer", "agent", "approver"] as const)(
    "not by a desk's %s, nor by an app's admin",
    async (role) => {
      const { key } = await makeKey();
      for (const person of [await desk.operator(role), await desk.operator("admin", "alpha")]) {
        for (const [method, path] of [
          ["GET", "/api/v1/keys"],
          ["POST", "/api/v1/keys"],
          ["POST", `/api/v1/keys/${key.id}/rotate`],
          ["POST", `/api/v1/keys/${key.id}/revoke`],
        ] as const) {
          const body = method === "GET" ? undefined : { name: "Mine" };
          expect((await person.client.send(method, path, body)).status).toBeGreaterThanOrEqual(400);
        }
      }
      const [kept] = await desk.dependencies.database.select().from(apiKeys).where(eq(apiKeys.id, key.id));
      expect(kept?.revokedAt).toBeNull();
    },
  );

  it("another administrator may end a key, and never sees a secret of it", async () => {
    const { key } = await makeKey();
    const other = await desk.operator("admin");
    expect((await other.client.post(`/api/v1/keys/${key.id}/rotate`)).code).toBe("permission_denied");
    expect((await other.client.post(`/api/v1/keys/${key.id}/revoke`)).status).toBe(200);
    expect((await other.client.post("/api/v1/keys/key_none/revoke")).code).toBe("key_not_found");
  });
});

describe("what an agent may do", () => {
  it("finds, asks, reads and takes back, as itself", async () => {
    const { key, secret } = await makeKey();
    const program = agent(secret);
    const purchaseId = await desk.purchase(alpha.id, { customerEmail: "lin@example.com" });
    expect((await program.get("/api/v1/purchases?query=lin@example.com")).text).toContain(purchaseId);
    expect((await program.get(`/api/v1/purchases/${purchaseId}`)).status).toBe(200);
    const asked = await program.post("/api/v1/refunds", { purchaseId }, { "idempotency-key": "ticket-1" });
    const { refund } = asked.as(refundAnswer);
    expect([asked.status, refund.status]).toEqual([201, "awaiting_approval"]);
    const [row] = await desk.dependencies.database.select().from(refunds).where(eq(refunds.id, refund.id));
    expect(row).toMatchObject({
      requestedByKind: "agent",
      requestedById: key.id,
      requestedByOwner: admin.operatorId,
    });
    expect((await program.get(`/api/v1/refunds/${refund.id}`)).status).toBe(200);
    expect((await program.get("/api/v1/refunds")).text).toContain(refund.id);
    // Those who decide read the key's name.
    const approver = await desk.operator("approver");
    expect((await approver.client.get(`/refunds/${refund.id}`)).text).toContain("Support bot");
    // Its owner answers for it, and so cannot approve it.
    expect((await admin.client.post(`/api/v1/refunds/${refund.id}/approve`)).code).toBe("own_request");
    const back = await program.post(`/api/v1/refunds/${refund.id}/withdraw`);
    expect(back.as(refundAnswer).refund.status).toBe("withdrawn");
  });

  it("talks about what it asked for without learning who answers, and says nothing twice", async () => {
    const { secret } = await makeKey();
    const program = agent(secret);
    const purchaseId = await desk.purchase(alpha.id);
    const { refund } = (await program.post("/api/v1/refunds", { purchaseId })).as(refundAnswer);
    const path = `/api/v1/refunds/${refund.id}/comments`;
    const said = { text: "The customer sent a photo." };
    const first = await program.post(path, said, { "idempotency-key": "ticket-9" });
    expect((await program.post(path, said, { "idempotency-key": "ticket-9" })).text).toBe(first.text);
    const other = await program.post(path, { text: "Two photos." }, { "idempotency-key": "ticket-9" });
    expect([other.status, other.code]).toEqual([409, "request_key_conflict"]);
    const colleague = await desk.operator("approver");
    expect((await colleague.client.post(path, { text: "Seen." })).status).toBe(201);
    const read = await program.get(path);
    expect(read.as(z.object({ comments: z.array(z.unknown()) })).comments).toMatchObject([
      { number: 1, by: "agent", ...said },
      { number: 2, by: "operator", text: "Seen." },
    ]);
    expect(read.text).not.toContain(colleague.operatorId);
    expect((await colleague.client.get(path)).text).toContain(colleague.operatorId);
  });

  it("takes back no person's request, nor another agent's", async () => {
    const purchaseId = await desk.purchase(alpha.id);
    const person = await desk.operator("agent");
    const { refund } = (await person.client.post("/api/v1/refunds", { purchaseId })).as(refundAnswer);
    const { key, secret } = await makeKey();
    const answer = await agent(secret).post(`/api/v1/refunds/${refund.id}/withdraw`);
    expect([answer.status, answer.code]).toEqual([403, "permission_denied"]);
    expect(await refusals(key.id)).toMatchObject([{ why: "not_permitted", permission: "refunds.withdraw" }]);
  });

  it("sees nothing of another app: word for word what an unknown id gets", async () => {
    const foreign = await desk.purchase(beta.id, { customerEmail: "secret@example.com" });
    const program = agent((await makeKey({ apps: ["alpha"] })).secret);
    const shown = await program.get(`/api/v1/purchases/${foreign}`);
    expect([shown.status, shown.code]).toEqual([404, "purchase_not_found"]);
    expect(shown.text).toBe((await program.get("/api/v1/purchases/pur_00000000000000000000")).text);
    expect((await program.post("/api/v1/refunds", { purchaseId: foreign })).code).toBe("purchase_not_found");
    expect((await program.get("/api/v1/purchases?query=secret")).text).not.toContain("secret@example.com");
  });

  it("has no more than its owner has at that moment, and no more than it was given", async () => {
    const owner = await desk.operator("admin");
    const { key, secret } = await makeKey({}, owner);
    const program = agent(secret);
    const reader = agent((await makeKey({ permissions: ["purchases.read"] }, owner)).secret);
    const purchaseId = await desk.purchase(alpha.id);
    expect((await reader.get(`/api/v1/purchases/${purchaseId}`)).status).toBe(200);
    expect((await reader.get("/api/v1/refunds")).code).toBe("permission_denied");
    await desk.dependencies.database
      .update(operatorRoles)
      .set({ role: "viewer" })
      .where(eq(operatorRoles.operatorId, owner.operatorId));
    const refused = await program.post("/api/v1/refunds", { purchaseId });
    expect([refused.status, refused.code]).toEqual([403, "permission_denied"]);
    expect((await program.get(`/api/v1/purchases/${purchaseId}`)).status).toBe(200);
    expect(await refusals(key.id)).toMatchObject([{ why: "not_permitted", permission: "refunds.request" }]);
  });

  it("goes on more slowly when told to", async () => {
    const program = agent((await makeKey({ ratePerMinute: 2 })).secret);
    expect((await program.get("/api/v1/purchases")).status).toBe(200);
    expect((await program.get("/api/v1/purchases")).status).toBe(200);
    const third = await program.get("/api/v1/purchases");
    expect([third.status, third.code, third.headers.get("retry-after")]).toEqual([429, "rate_limited", "30"]);
  });

  it("is nobody without a whole key, whatever session comes with it", async () => {
    for (const authorization of ["Bearer", "Bearer x", "bearer redress_agent_1"]) {
      const headers = { authorization };
      const answer = await admin.client.send("GET", "/api/v1/purchases", undefined, { headers });
      expect([answer.status, answer.code]).toEqual([401, "key_invalid"]);
    }
  });
});

const routes = await everyRoute();

describe("agents never approve, reject, set or manage anything, even with an administrator's key", () => {
  // Those that ask for no signed-in person: the sign-in itself, Stripe's and the engine's doors, apps' reports.
  const people = routes.filter(({ guard }) => guard?.kind === "operator");

  it("finds the routes", () => {
    expect(people.length).toBeGreaterThan(25);
    expect(people.map(({ pattern }) => pattern)).toEqual(
      expect.arrayContaining(["/api/v1/refunds/[id]/approve", "/api/v1/refunds/[id]/reject", "/api/v1/keys"]),
    );
  });

  it.each(people.map(({ method, pattern }) => [method, pattern]))("%s %s", async (method, pattern) => {
    const { secret } = await makeKey();
    const waiting = await awaiting();
    const path = pattern.replace("[id]", waiting).replace("[slug]", "alpha");
    const program = agent(secret);
    const body = method === "GET" ? undefined : { name: "Mine", allow: true, value: true };
    const answer = await program.send(method, path, body);
    expect([answer.status, answer.code]).toEqual([403, "permission_denied"]);
    const [row] = await desk.dependencies.database.select().from(refunds).where(eq(refunds.id, waiting));
    expect(row?.status).toBe("awaiting_approval");
  });

  it.each(["/purchases", "/approvals", "/settings/people", "/audit"])(
    "nor sees the page %s",
    async (path) => {
      const page = await agent((await makeKey()).secret).get(path);
      expect(page.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    },
  );

  it("nor beside the session of the very person who may", async () => {
    const approver = await desk.operator("approver");
    const waiting = await awaiting();
    const headers = { authorization: `Bearer ${(await makeKey()).secret}` };
    const answer = await approver.client.post(`/api/v1/refunds/${waiting}/approve`, {}, { headers });
    expect([answer.status, answer.code]).toEqual([403, "permission_denied"]);
  });

  let shared: string | undefined;
  /** A request of a person that nobody has decided. */
  async function awaiting(): Promise<string> {
    if (shared === undefined) {
      const person = await desk.operator("agent");
      const asked = await person.client.post("/api/v1/refunds", {
        purchaseId: await desk.purchase(alpha.id),
      });
      shared = asked.as(refundAnswer).refund.id;
    }
    return shared;
  }
});
