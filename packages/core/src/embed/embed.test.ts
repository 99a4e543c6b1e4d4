import { auditLogs, deskSettings, embedKeys, operatorRoles, operators, refunds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { askThroughEmbed } from "./ask-through-embed.ts";
import { createEmbedKey } from "./create-embed-key.ts";
import { signToken } from "./embed.fixture.ts";
import { newEmbedKeySchema } from "./embed-key-input.ts";
import { readPanel } from "./read-panel.ts";
import { revokeEmbedKey, rotateEmbedKey } from "./rotate-embed-key.ts";
import { findEmbedKey, visitEmbed } from "./visit-embed.ts";

// A helpdesk vouches for who looks: what its token lets in, whom, how long, and how far (invariants 1, 2 and 7).
let harness: Harness;
let app: TestApp;
let other: TestApp;
let admin: { id: string };
let agent: { id: string; email: string };
let key: { keyId: string; secret: string };
const customer = "ada@example.com";
const correlationId = "cor_test";
const invalid = expect.objectContaining({ code: "embed_token_invalid" });

beforeAll(async () => {
  harness = await startHarness();
  const approvalRules = [{ amount: 5_000, currency: "eur" }];
  [app, other] = await Promise.all([harness.app({ approvalRules }), harness.app()]);
  admin = await harness.operator("admin");
  agent = await person("agent");
  key = await make();
});
afterAll(() => harness.close());

async function person(...role: Parameters<Harness["operator"]>) {
  const { id } = await harness.operator(...role);
  return { id, email: `${id}@example.com` };
}

async function make(given: Record<string, unknown> = {}) {
  const input = newEmbedKeySchema.parse({ name: "Help", origins: ["https://help.example.com"], ...given });
  const by = { operatorId: admin.id, correlationId };
  const made = await createEmbedKey(harness.dependencies, { ...input, ...by });
  return { keyId: made.key.id, secret: made.secret };
}

let tokens = 0;
const inSeconds = (seconds: number) => Math.floor(harness.clock.now().getTime() / 1000) + seconds;
function claims(changes: Record<string, unknown> = {}) {
  tokens += 1;
  return {
    email: customer,
    operator: agent.email,
    jti: `token-${tokens}-x`,
    exp: inSeconds(300),
    ...changes,
  };
}

async function visit(token: string, email?: string) {
  return visitEmbed(harness.dependencies, {
    token,
    email,
    key: await findEmbedKey(harness.dependencies, token),
  });
}
const look = (changes: Record<string, unknown> = {}, by = key) => visit(signToken(by, claims(changes)));

describe("a token", () => {
  test("lets in the person it names, for the customer it names", async () => {
    await expect(look({ email: "ADA@Example.com" })).resolves.toMatchObject({
      operator: { id: agent.id },
      claims: { email: customer },
    });
    await expect(visit(signToken(key, claims()), customer)).resolves.toBeDefined();
  });

  test.each<[string, () => string]>([
    ["nothing", () => ""],
    ["no token", () => "a.b.c"],
    ["another secret", () => signToken({ ...key, secret: `${key.secret}x` }, claims())],
    ["a key that is not there", () => signToken({ ...key, keyId: "emb_00000000000000000000" }, claims())],
    ["no algorithm", () => signToken(key, claims(), { alg: "none" })],
    ["another algorithm", () => signToken(key, claims(), { alg: "RS256" })],
    ["its signature cut off", () => signToken(key, claims()).replace(/\.[^.]*$/, ".")],
    ["a part too many", () => `${signToken(key, claims())}.x`],
    ["no end", () => signToken(key, claims({ exp: undefined }))],
    ["an end in an hour", () => signToken(key, claims({ exp: inSeconds(3600) }))],
    ["no id of its own", () => signToken(key, claims({ jti: undefined }))],
    ["no address", () => signToken(key, claims({ email: "nobody" }))],
    ["a ticket that is a script", () => signToken(key, claims({ ticket: "javascript:alert(1)" }))],
    ["far too much", () => signToken(key, claims({ more: "x".repeat(5000) }))],
  ])("with %s lets nobody in, and all are told the same", async (_what, token) => {
    await expect(visit(token())).rejects.toEqual(invalid);
  });

  test("is of its customer alone: what was changed in it, or stands beside it, lets nobody in", async () => {
    const [header, , signature] = signToken(key, claims()).split(".");
    const changed = Buffer.from(JSON.stringify(claims({ email: "eve@example.com" }))).toString("base64url");
    await expect(visit(`${header}.${changed}.${signature}`)).rejects.toEqual(invalid);
    await expect(visit(signToken(key, claims()), "eve@example.com")).rejects.toEqual(invalid);
  });

  test("ends when it says, and then asks for the ticket to be loaded again", async () => {
    const token = signToken(key, claims({ exp: inSeconds(60) }));
    await expect(visit(token)).resolves.toBeDefined();
    await harness.advance(60_000);
    await expect(visit(token)).rejects.toMatchObject({
      code: "embed_token_expired",
      message: expect.stringContaining("Reload the ticket"),
    });
  });

  test("signed with the secret before works for a day after a rotation, and not a moment after a leak", async () => {
    const own = await make();
    const by = { keyId: own.keyId, operatorId: admin.id, correlationId };
    const { secret } = await rotateEmbedKey(harness.dependencies, { ...by, endPrevious: false });
    const fresh = { keyId: own.keyId, secret };
    for (const one of [own, fresh]) await expect(look({}, one)).resolves.toBeDefined();
    await harness.advance(24 * 60 * 60 * 1000);
    await expect(look({}, own)).rejects.toEqual(invalid);
    await rotateEmbedKey(harness.dependencies, { ...by, endPrevious: true });
    await expect(look({}, fresh)).rejects.toEqual(invalid);
    await revokeEmbedKey(harness.dependencies, by);
    const rotation = rotateEmbedKey(harness.dependencies, { ...by, endPrevious: true });
    await expect(rotation).rejects.toMatchObject({ code: "embed_key_revoked" });
  });

  test("of a revoked key lets nobody in", async () => {
    const own = await make();
    await revokeEmbedKey(harness.dependencies, { keyId: own.keyId, operatorId: admin.id, correlationId });
    await expect(look({}, own)).rejects.toEqual(invalid);
  });

  test("its secret stands nowhere in clear, in the database or the log", async () => {
    const { database } = harness.dependencies;
    const kept = JSON.stringify([
      await database.select().from(embedKeys),
      await database.select().from(auditLogs),
    ]);
    expect(kept).not.toContain(key.secret.slice("redress_embed_".length));
  });
});

test.each([
  "https://*.zendesk.com",
  "https://a.com/path",
  "http://a.com",
  "https://a.com; script-src *",
  "*",
])("%s is no site that may frame the panel", (origin) => {
  expect(newEmbedKeySchema.safeParse({ name: "Help", origins: [origin] }).success).toBe(false);
});

describe("who looks", () => {
  const denied = expect.objectContaining({ code: "permission_denied" });

  test("has to be somebody of this desk who may look", async () => {
    await expect(look({ operator: "stranger@example.com" })).rejects.toEqual(denied);
    const { database } = harness.dependencies;
    const dismissed = await person("admin");
    await database
      .update(operators)
      .set({ deactivatedAt: harness.clock.now() })
      .where(eq(operators.id, dismissed.id));
    await expect(look({ operator: dismissed.email })).rejects.toEqual(denied);
    const idle = await person("viewer");
    await database.delete(operatorRoles).where(eq(operatorRoles.operatorId, idle.id));
    await expect(look({ operator: idle.email })).rejects.toEqual(denied);
  });

  test("needs a second factor of their own where the desk requires one, whatever the helpdesk asked for", async () => {
    const { database } = harness.dependencies;
    const setting = { key: "second_factor_required", value: true, updatedBy: "test" } as const;
    await database.insert(deskSettings).values({ ...setting, updatedAt: harness.clock.now() });
    await expect(look()).rejects.toEqual(denied);
    const own = eq(operators.id, agent.id);
    await database.update(operators).set({ twoFactorEnabled: true }).where(own);
    await expect(look()).resolves.toBeDefined();
    await database.update(operators).set({ twoFactorEnabled: false }).where(own);
    await database.delete(deskSettings).where(eq(deskSettings.key, setting.key));
  });
});

describe("the panel", () => {
  test("shows the customer's purchases and nobody else's, newest first, each with its verdict", async () => {
    const email = "grace@example.com";
    const old = await harness.purchase({ app, amount: 2_900, customerEmail: "Grace@Example.com" });
    await harness.advance(60_000);
    const dear = await harness.purchase({ app, amount: 9_000, customerEmail: email });
    await harness.purchase({ app, customerEmail: "grace@example.com.evil.example" });
    const { found, more } = await readPanel(harness.dependencies, await look({ email }), { proof: "" });
    const shown = found.map(({ purchase, outlook, unverified }) => ({
      id: purchase.id,
      unverified,
      verdict: outlook.kind === "judged" && outlook.policy.verdict,
    }));
    expect(new Set(shown.map(({ id }) => id))).toEqual(new Set([old.id, dear.id]));
    expect(shown.find(({ id }) => id === old.id)).toMatchObject({ unverified: true, verdict: "allow" });
    expect(shown.find(({ id }) => id === dear.id)).toMatchObject({ unverified: true, verdict: "ask" });
    expect(more).toBe(false);
    const proven = await readPanel(harness.dependencies, await look({ email }), { proof: "29.00" });
    const unverified = new Map(proven.found.map((one) => [one.purchase.id, one.unverified]));
    expect([unverified.get(old.id), unverified.get(dear.id)]).toEqual([false, true]);
  });

  test("shows what both the person and the key may see, and no other app's", async () => {
    const email = "joan@example.com";
    const here = await harness.purchase({ app, customerEmail: email });
    const there = await harness.purchase({ app: other, customerEmail: email });
    const shown = async (operator: string, by = key) => {
      const { found } = await readPanel(harness.dependencies, await look({ email, operator }, by), {
        proof: "",
      });
      return found.map(({ purchase }) => purchase.id).sort();
    };
    expect(await shown(agent.email)).toEqual([here.id, there.id].sort());
    expect(await shown(agent.email, await make({ apps: [other.slug] }))).toEqual([there.id]);
    const local = await person("agent");
    await harness.dependencies.database
      .update(operatorRoles)
      .set({ appId: app.id })
      .where(eq(operatorRoles.operatorId, local.id));
    expect(await shown(local.email)).toEqual([here.id]);
    expect(await shown(local.email, await make({ apps: [other.slug] }))).toEqual([]);
  });
});

describe("asking", () => {
  const asked = { amount: 1_000, reason: "requested_by_customer", note: "", correlationId };

  test("is the person's own request by the ordinary path, once for a token, and the log says by which door", async () => {
    const { id: purchaseId } = await harness.purchase({ app, amount: 2_900, customerEmail: customer });
    const ticket = "https://help.example.com/tickets/7";
    const visitor = await look({ ticket });
    const ask = () => askThroughEmbed(harness.dependencies, visitor, { ...asked, purchaseId, note: "Late" });
    const all = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const [refund] = all;
    expect(refund).toMatchObject({
      requestedBy: { kind: "operator", id: agent.id },
      amount: 1_000,
      note: "Late",
      ticketUrl: ticket,
    });
    const { database } = harness.dependencies;
    expect(await database.$count(refunds, eq(refunds.purchaseId, purchaseId))).toBe(1);
    const requested = and(eq(auditLogs.refundId, refund?.id ?? ""), eq(auditLogs.action, "refund_requested"));
    expect(await database.select().from(auditLogs).where(requested)).toMatchObject([
      { actorKind: "operator", actorId: agent.id, details: { via: "embed", embedKeyId: key.keyId } },
    ]);
    const more = askThroughEmbed(harness.dependencies, visitor, { ...asked, purchaseId, amount: 1_500 });
    await expect(more).rejects.toMatchObject({ code: "request_key_conflict" });
  });

  test("is refused to who may only look, and for another customer's or another app's purchase", async () => {
    const { id: purchaseId } = await harness.purchase({ app, customerEmail: customer });
    const { id: foreign } = await harness.purchase({ app, customerEmail: "eve@example.com" });
    const ask = async (id: string, visitor = look()) =>
      askThroughEmbed(harness.dependencies, await visitor, { ...asked, purchaseId: id });
    const viewer = await person("viewer");
    await expect(ask(purchaseId, look({ operator: viewer.email }))).rejects.toMatchObject({
      code: "permission_denied",
    });
    await expect(ask(foreign)).rejects.toMatchObject({ code: "purchase_not_found" });
    const narrow = look({}, await make({ apps: [other.slug] }));
    await expect(ask(purchaseId, narrow)).rejects.toMatchObject({ code: "purchase_not_found" });
  });
});
