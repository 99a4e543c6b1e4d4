import { auditLogs, policyVersions } from "@redress/database";
import { and, desc, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../apps/create-app.ts";
import { getApp } from "../apps/get-app.ts";
import { updateApp } from "../apps/update-app.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { getPolicy, type PolicyOwner, setPolicy } from "./set-policy.ts";
import { simplePolicy, simpleRules } from "./simple-rules.ts";

// Who changed which policy, when, and to what, is kept for ever; what is in force is one version, never two.
const actor = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const upTo = (atMost: number) => ({
  rules: [{ when: { amount: [{ currency: "eur", atMost }] }, verdict: "allow" }],
});
const strict = { rules: [{ when: {}, verdict: "refuse", reason: "Nothing is refunded." }] };
const set = (owner: PolicyOwner, policy: unknown, seenVersion?: number) =>
  setPolicy(harness.dependencies, { actor, owner, policy, seenVersion });
const versionsOf = (appId: string) =>
  harness.dependencies.database.$count(policyVersions, eq(policyVersions.appId, appId));

describe("an app's policy", () => {
  test("is the desk's until it has its own, and again once it wants none; each change is one version and one entry", async () => {
    const app = await harness.app();
    expect(await getPolicy(harness.dependencies, app)).toEqual({
      version: 0,
      followsDesk: true,
      policy: { rules: [], budgets: [] },
    });
    expect(await set(app, null)).toMatchObject({ version: 0 });
    expect(await set(app, upTo(5_000))).toMatchObject({
      version: 1,
      followsDesk: false,
      policy: upTo(5_000),
    });
    // The same once more says nothing new.
    expect(await set(app, upTo(5_000))).toMatchObject({ version: 1 });
    expect(await set(app, null)).toMatchObject({ version: 2, followsDesk: true, policy: { rules: [] } });
    expect(await set(app, null)).toMatchObject({ version: 2 });
    const { database } = harness.dependencies;
    const entries = await database
      .select()
      .from(auditLogs)
      .where(and(eq(auditLogs.appId, app.id), eq(auditLogs.action, "policy_changed")))
      .orderBy(auditLogs.id);
    expect(entries).toMatchObject([
      {
        actorId: "opr_admin",
        before: { policy: null },
        after: { policy: upTo(5_000) },
        details: { version: 1 },
      },
      { before: { policy: upTo(5_000) }, after: { policy: null }, details: { version: 2 } },
    ]);
    const versions = await database
      .select()
      .from(policyVersions)
      .where(eq(policyVersions.appId, app.id))
      .orderBy(policyVersions.number);
    expect(versions).toMatchObject([
      { number: 1, createdById: "opr_admin", createdByKind: "operator", createdAt: harness.clock.now() },
      { number: 2, document: null },
    ]);
    expect(entries.map(({ after }) => after?.policyVersion)).toEqual(versions.map(({ id }) => id));
  });

  test("that was changed since it was read is not written over", async () => {
    const app = await harness.app();
    await set(app, upTo(1), 0);
    await expect(set(app, upTo(2), 0)).rejects.toMatchObject({
      code: "policy_changed",
      details: { version: 1 },
    });
    const changes = Array.from({ length: 8 }, (_, index) => set(app, upTo(index + 10), 1));
    const done = await Promise.allSettled(changes);
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await versionsOf(app.id)).toBe(2);
  });

  test("that cannot mean what it says is refused, and nothing is written", async () => {
    const app = await harness.app();
    await expect(set(app, { rules: [{ when: {}, verdict: "allow" }] })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(set({ slug: "nobody" }, upTo(1))).rejects.toMatchObject({ code: "app_not_found" });
    await expect(set("desk", null)).rejects.toMatchObject({ code: "invalid_input" });
    expect(await versionsOf(app.id)).toBe(0);
  });

  test("is never changed nor removed in the database", async () => {
    const app = await harness.app({ approvalRules: [{ amount: 1, currency: "eur" }] });
    const { database } = harness.dependencies;
    const own = eq(policyVersions.appId, app.id);
    const change = database
      .update(policyVersions)
      .set({ document: { rules: [] } })
      .where(own);
    await expect(change).rejects.toMatchObject({ cause: { code: "23001" } });
    await expect(database.delete(policyVersions).where(own)).rejects.toMatchObject({
      cause: { code: "23001" },
    });
  });
});

test("the desk's policy is in force for every app that has none, from its next request on", async () => {
  const own = await startHarness();
  try {
    const [follows, has] = [await own.app(), await own.app({ approvalRules: [] })];
    await setPolicy(own.dependencies, { actor, owner: "desk", policy: upTo(5_000), seenVersion: 1 });
    const ask = async (app: typeof has) =>
      (await askRefund(own, await own.purchase({ app }), { amount: 5_000 })).status;
    expect(await ask(follows)).toBe("approved");
    expect(await ask(has)).toBe("awaiting_approval");
    expect(await getApp(own.dependencies, follows)).toMatchObject({
      approvalRules: [{ amount: 5_000, currency: "eur" }],
      policy: { version: 2, isDefault: true },
    });
    const [entry] = await own.dependencies.database
      .select()
      .from(auditLogs)
      .where(and(isNull(auditLogs.appId), eq(auditLogs.action, "policy_changed")))
      .orderBy(desc(auditLogs.id));
    expect(entry).toMatchObject({ before: { policy: { rules: [] } }, after: { policy: upTo(5_000) } });
  } finally {
    await own.close();
  }
});

describe("approval rules", () => {
  test("are a policy of one rule, and are read back from it", () => {
    const rules = [
      { amount: 5_000, currency: "eur" },
      { amount: 6_000, currency: "usd" },
    ];
    expect(simpleRules(simplePolicy(rules))).toEqual(rules);
    expect(simpleRules(simplePolicy(rules.toReversed()))).toEqual(rules);
    expect(simpleRules(simplePolicy([]))).toEqual([]);
  });

  test.each<[string, object]>([
    ["a refusal", strict],
    [
      "more conditions",
      { rules: [{ ...upTo(1).rules[0], when: { ...upTo(1).rules[0]?.when, requester: ["person"] } }] },
    ],
    [
      "a lower bound",
      { rules: [{ when: { amount: [{ currency: "eur", above: 1, atMost: 2 }] }, verdict: "allow" }] },
    ],
    [
      "a budget",
      { ...upTo(1), budgets: [{ per: "app", period: "day", limit: { amount: 1, currency: "eur" } }] },
    ],
    ["more rules", { rules: [...upTo(1).rules, { when: {}, verdict: "ask", role: "admin" }] }],
  ])("do not write over a policy with %s", async (_name, policy) => {
    const { app } = await createApp(harness.dependencies, {
      actor,
      slug: `rich-${_name.replaceAll(" ", "-")}`,
      name: "Rich",
    });
    await set(app, policy);
    expect(await getApp(harness.dependencies, app)).toMatchObject({ approvalRules: null });
    const change = (approvalRules: { amount: number; currency: string }[]) =>
      updateApp(harness.dependencies, { actor, slug: app.slug, approvalRules });
    await expect(change([])).rejects.toMatchObject({ code: "policy_not_simple" });
    expect(await versionsOf(app.id)).toBe(1);
    await updateApp(harness.dependencies, { actor, slug: app.slug, name: "Renamed" });
  });
});
