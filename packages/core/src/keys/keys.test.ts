import { apiKeySecrets, apiKeys, auditLogs, operatorRoles } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions, permittedApps } from "../operators/permissions.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { authenticateKey } from "./authenticate-key.ts";
import { createKey } from "./create-key.ts";
import { newKeySchema } from "./key-input.ts";
import { getKey } from "./key-view.ts";
import { revokeKey } from "./revoke-key.ts";
import { rotateKey } from "./rotate-key.ts";

// A key is a program's sign-in: what the desk keeps of it, how long it works, and how far it reaches.
let harness: Harness;
let alpha: TestApp;
let beta: TestApp;
let owner: { id: string };

beforeAll(async () => {
  harness = await startHarness();
  [alpha, beta, owner] = await Promise.all([harness.app(), harness.app(), harness.operator("admin")]);
});
afterAll(() => harness.close());

const correlationId = "cor_test";
const dayMs = 24 * 60 * 60 * 1000;
const minuteMs = 60_000;

const make = (given: Record<string, unknown> = {}, ownerId = owner.id) =>
  createKey(harness.dependencies, {
    ...newKeySchema.parse({ name: "Support bot", ratePerMinute: 6000, ...given }),
    ownerId,
    correlationId,
  });
const use = (secret: string) => authenticateKey(harness.dependencies, { secret, correlationId });
const later = (milliseconds: number) => new Date(harness.clock.now().getTime() + milliseconds);
const entries = (keyId: string, action: string) =>
  harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.action, action), eq(auditLogs.actorId, keyId)));

describe("the secret", () => {
  test("has a form that scanners find, and stands nowhere in the database or the log of it", async () => {
    const { key, secret } = await make();
    expect(secret).toMatch(/^redress_agent_[0-9A-Za-z]{49}$/);
    const random = secret.slice("redress_agent_".length);
    const kept = JSON.stringify([
      await harness.dependencies.database.select().from(apiKeys),
      await harness.dependencies.database.select().from(apiKeySecrets),
      await harness.dependencies.database.select().from(auditLogs),
      await getKey(harness.dependencies, { keyId: key.id }),
    ]);
    // The first six characters are shown on purpose.
    expect(kept).not.toContain(random.slice(6, 16));
    expect(kept).not.toContain(random.slice(-16));
    expect(key.secrets).toMatchObject([{ prefix: secret.slice(0, 20), endsAt: null }]);
  });

  test.each([
    ["nothing", ""],
    ["another desk's", "redress_agent_0123456789012345678901234567890123456789012345678"],
    ["a Stripe key", "rk_live_51abcdefghijklmnopqrstuvwxyz"],
  ])("%s opens nothing", async (_what, secret) => {
    await expect(use(secret)).rejects.toMatchObject({ code: "key_invalid", status: 401 });
  });

  test("one character changed, cut off or added opens nothing", async () => {
    const { secret } = await make();
    const changed = [...secret].map(
      (character, at) => `${secret.slice(0, at)}${character === "x" ? "y" : "x"}${secret.slice(at + 1)}`,
    );
    for (const wrong of [
      ...changed,
      secret.slice(0, -1),
      `${secret}0`,
      `${secret}\n`,
      secret.toUpperCase(),
    ]) {
      await expect(use(wrong)).rejects.toMatchObject({ code: "key_invalid" });
    }
  });
});

describe("how long it works", () => {
  test("until its expiry, 90 days unless told, and never over a year", async () => {
    const { key, secret } = await make({ expiresAt: later(dayMs).toISOString() });
    expect(await use(secret)).toMatchObject({ id: key.id });
    await harness.advance(dayMs);
    await expect(use(secret)).rejects.toMatchObject({ code: "key_expired", status: 401 });
    expect(await getKey(harness.dependencies, { keyId: key.id })).toMatchObject({ status: "expired" });
    expect((await make()).key.expiresAt).toEqual(later(90 * dayMs));
    for (const expiresAt of [later(0), later(367 * dayMs)]) {
      await expect(make({ expiresAt: expiresAt.toISOString() })).rejects.toMatchObject({
        code: "invalid_input",
      });
    }
  });

  test("revoked it ends at once, for ever, and the use of it is in the log once an hour", async () => {
    const { key, secret } = await make();
    const revoked = await revokeKey(harness.dependencies, {
      keyId: key.id,
      operatorId: "opr_other",
      correlationId,
    });
    expect(revoked).toMatchObject({ status: "revoked" });
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(use(secret)).rejects.toMatchObject({ code: "key_revoked", status: 401 });
    }
    expect(await entries(key.id, "api_key_refused")).toMatchObject([
      { actorKind: "agent", details: { why: "revoked" } },
    ]);
    await harness.advance(60 * minuteMs);
    await expect(use(secret)).rejects.toMatchObject({ code: "key_revoked" });
    expect(await entries(key.id, "api_key_refused")).toHaveLength(2);
    const undo = harness.dependencies.database.update(apiKeys).set({ revokedAt: null, revokedBy: null });
    await expect(undo.where(eq(apiKeys.id, key.id))).rejects.toThrow();
  });

  test("rotated, both secrets are the same key until the chosen time, then only the new one", async () => {
    const { key, secret: old } = await make();
    const rotate = (oldWorksUntil: Date, operatorId = owner.id) =>
      rotateKey(harness.dependencies, { keyId: key.id, operatorId, oldWorksUntil, correlationId });
    const { secret } = await rotate(later(2 * 60 * minuteMs));
    expect((await use(old)).id).toBe(key.id);
    expect((await use(secret)).id).toBe(key.id);
    await harness.advance(2 * 60 * minuteMs);
    await expect(use(old)).rejects.toMatchObject({ code: "key_expired" });
    expect((await use(secret)).id).toBe(key.id);
    // A secret that leaked ends with the rotation.
    const { secret: third } = await rotate(later(-dayMs));
    await expect(use(secret)).rejects.toMatchObject({ code: "key_expired" });
    expect((await use(third)).id).toBe(key.id);
    await expect(rotate(later(31 * dayMs))).rejects.toMatchObject({ code: "invalid_input" });
    // Whoever sees a secret answers for it: nobody else may.
    await expect(rotate(later(0), "opr_other")).rejects.toMatchObject({ code: "permission_denied" });
    await revokeKey(harness.dependencies, { keyId: key.id, operatorId: owner.id, correlationId });
    await expect(rotate(later(0))).rejects.toMatchObject({ code: "key_ended" });
  });

  test("rotated ten times at once it has one present secret", async () => {
    const { key } = await make();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        rotateKey(harness.dependencies, { keyId: key.id, operatorId: owner.id, correlationId }),
      ),
    );
    expect(new Set(answers.map(({ secret }) => secret)).size).toBe(10);
    const { secrets } = await getKey(harness.dependencies, { keyId: key.id });
    expect(secrets.filter(({ endsAt }) => endsAt === null)).toHaveLength(1);
  });
});

describe("its use", () => {
  test("is noted once a minute at most", async () => {
    const { key, secret } = await make();
    const lastUsedAt = async () => (await getKey(harness.dependencies, { keyId: key.id })).lastUsedAt;
    const first = harness.clock.now();
    await use(secret);
    await harness.advance(minuteMs - 1);
    await use(secret);
    expect(await lastUsedAt()).toEqual(first);
    await harness.advance(1);
    await use(secret);
    expect(await lastUsedAt()).toEqual(later(0));
  });

  test("is limited to its calls a minute, counted together however many come at once", async () => {
    const { secret } = await make({ ratePerMinute: 30 });
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => use(secret)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(30);
    await expect(use(secret)).rejects.toMatchObject({
      code: "rate_limited",
      status: 429,
      details: { retryAfterSeconds: 2 },
    });
    await harness.advance(2_000);
    await use(secret);
    await expect(use(secret)).rejects.toMatchObject({ code: "rate_limited" });
  });
});

describe("how far it reaches", () => {
  test("never further than its owner at the moment of the call", async () => {
    const person = await harness.operator("admin");
    const { secret } = await make({}, person.id);
    const reach = async () => {
      const agent = await use(secret);
      return permissions.filter((permission) => permittedApps(agent, permission).length > 0);
    };
    // Whatever an administrator may do: nobody's agent decides, sets or manages anything.
    expect(await reach()).toEqual(["purchases.read", "refunds.read", "refunds.request", "refunds.withdraw"]);
    const { database } = harness.dependencies;
    const own = eq(operatorRoles.operatorId, person.id);
    await database.update(operatorRoles).set({ role: "viewer" }).where(own);
    expect(await reach()).toEqual(["purchases.read", "refunds.read"]);
    await database.update(operatorRoles).set({ role: "admin", appId: beta.id }).where(own);
    expect(permittedApps(await use(secret), "refunds.request")).toEqual([beta.id]);
    await database.delete(operatorRoles).where(own);
    expect(await reach()).toEqual([]);
  });

  test("only to its own apps and permissions", async () => {
    const { key, secret } = await make({ apps: [alpha.slug], permissions: ["refunds.read"] });
    expect(key).toMatchObject({ apps: [alpha.slug], permissions: ["refunds.read"], owner: { id: owner.id } });
    const agent = await use(secret);
    expect(permittedApps(agent, "refunds.read")).toEqual([alpha.id]);
    expect(permittedApps(agent, "refunds.request")).toEqual([]);
    await expect(make({ apps: ["no-such-app"] })).rejects.toMatchObject({ code: "app_not_found" });
  });

  test.each(["refunds.decide", "apps.manage", "keys.manage", "operators.manage", "audit.read"])(
    "the database itself keeps no key with %s",
    async (permission) => {
      expect(newKeySchema.safeParse({ name: "Bot", permissions: [permission] }).success).toBe(false);
      const { key } = await make();
      const { $client } = harness.dependencies.database;
      const grow = $client.query("update api_keys set permissions = permissions || $1::text where id = $2", [
        permission,
        key.id,
      ]);
      await expect(grow).rejects.toThrow("api_keys_permissions");
    },
  );
});
