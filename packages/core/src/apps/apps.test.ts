import { apps, auditLogs } from "@redress/database";
import { and, desc, eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createApp } from "./create-app.ts";
import { getApp } from "./get-app.ts";
import { listApps } from "./list-apps.ts";
import { rotateNotificationSecret } from "./rotate-notification-secret.ts";
import { updateApp } from "./update-app.ts";
import { verifyAppMessage } from "./verify-app-message.ts";

const actor = { kind: "operator", id: "opr_admin" } as const;

let desk: Harness;
beforeAll(async () => {
  desk = await startHarness({ connect: false });
});
afterAll(() => desk.close());

const create = (slug: string, settings: object = {}) =>
  createApp(desk.dependencies, { actor, slug, name: "Total TypeScript", ...settings });

async function lastEntry(appId: string, action: "app_created" | "app_updated" | "policy_changed") {
  const [entry] = await desk.dependencies.database
    .select({ before: auditLogs.before, after: auditLogs.after, details: auditLogs.details })
    .from(auditLogs)
    .where(and(eq(auditLogs.appId, appId), eq(auditLogs.action, action)))
    .orderBy(desc(auditLogs.id));
  return entry;
}

describe("adding an app", () => {
  test("gives an app that is not connected, with its rules, and a secret that is kept only encrypted", async () => {
    const { app, notificationSecret } = await create("total-typescript", {
      contactEmail: "billing@total.example",
      approvalRules: [
        { amount: 5000, currency: "usd" },
        { amount: 4000, currency: "eur" },
      ],
    });
    expect(app).toMatchObject({
      slug: "total-typescript",
      name: "Total TypeScript",
      connection: null,
      disconnected: null,
      approvalRules: [
        { amount: 4000, currency: "eur" },
        { amount: 5000, currency: "usd" },
      ],
      import: { status: "none", importedCount: 0, progress: 0, error: null },
    });
    expect(notificationSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { database, secrets } = desk.dependencies;
    const [row] = await database.select().from(apps).where(eq(apps.id, app.id));
    expect(JSON.stringify(row)).not.toContain(notificationSecret.slice("whsec_".length));
    expect(secrets.open(row?.notificationSecretCiphertext ?? "")).toBe(notificationSecret);
    const entry = JSON.stringify(await lastEntry(app.id, "app_created"));
    expect(entry).toContain("total-typescript");
    expect(entry).not.toContain("billing@total.example");
    expect(entry).not.toContain(notificationSecret);
  });

  test("with a slug that is taken, also at the same moment, is refused", async () => {
    const attempts = await Promise.allSettled([create("taken"), create("taken"), create("taken")]);
    const refused = attempts.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { code: "app_slug_taken", status: 409 } });
  });

  test.each<[string, object, string]>([
    ["a slug with capitals", { slug: "Total" }, "slug"],
    ["a slug with a hyphen at its end", { slug: "total-" }, "slug"],
    ["no name", { name: " " }, "name"],
    ["an e-mail address that is none", { contactEmail: "nobody" }, "contactEmail"],
    ["a notification address that is not HTTP", { notificationUrl: "file:///etc/passwd" }, "notificationUrl"],
    [
      "a password in an address, which would be shown and logged",
      { notificationUrl: "https://user:pass@hooks.example.com/" },
      "notificationUrl",
    ],
    ["a character that no database holds", { name: "Total\0TypeScript" }, "name"],
    ["half of a character", { productDescription: "A course \ud83d" }, "productDescription"],
    ["a rule of nothing", { approvalRules: [{ amount: 0, currency: "eur" }] }, "approvalRules.0.amount"],
    [
      "a rule in hundredths of a whole-unit currency",
      { approvalRules: [{ amount: 150, currency: "isk" }] },
      "approvalRules.0",
    ],
    [
      "a currency twice",
      {
        approvalRules: [
          { amount: 1, currency: "eur" },
          { amount: 2, currency: "eur" },
        ],
      },
      "approvalRules",
    ],
    ["a field that does not exist", { stripeAccountId: "acct_1" }, ""],
  ])("with %s is refused, and nothing is added", async (_name, settings, field) => {
    const count = (await listApps(desk.dependencies, { appIds: "all" })).length;
    await expect(create("refused", settings)).rejects.toMatchObject({
      code: "invalid_input",
      details: { fields: [expect.objectContaining({ field })] },
    });
    expect(await listApps(desk.dependencies, { appIds: "all" })).toHaveLength(count);
  });
});

describe("changing an app", () => {
  test("changes what is given, clears what is null, keeps the rest, and says what was before", async () => {
    const { app } = await create("changing", {
      websiteUrl: "https://total.example",
      approvalRules: [{ amount: 4000, currency: "eur" }],
    });
    const changed = await updateApp(desk.dependencies, {
      actor,
      slug: app.slug,
      name: "Renamed",
      websiteUrl: null,
      approvalRules: [],
    });
    expect(changed).toMatchObject({
      name: "Renamed",
      websiteUrl: null,
      approvalRules: [],
      policy: { version: 2, isDefault: false },
    });
    expect(await lastEntry(app.id, "app_updated")).toEqual({
      before: { name: "Total TypeScript", websiteUrl: "https://total.example" },
      after: { name: "Renamed", websiteUrl: null },
      details: {},
    });
    const amount = [{ currency: "eur", atMost: 4000 }];
    expect(await lastEntry(app.id, "policy_changed")).toMatchObject({
      before: { policy: { rules: [{ when: { amount }, verdict: "allow" }] } },
      after: { policy: { rules: [] } },
      details: { version: 2 },
    });
  });

  test("to what it is already writes no entry", async () => {
    const { app } = await create("same");
    await updateApp(desk.dependencies, { actor, slug: app.slug, name: app.name, approvalRules: [] });
    expect(await lastEntry(app.id, "app_updated")).toBeUndefined();
    expect(await lastEntry(app.id, "policy_changed")).toBeUndefined();
  });

  test("that is not there is refused", async () => {
    const change = updateApp(desk.dependencies, { actor, slug: "nobody", name: "x" });
    await expect(change).rejects.toMatchObject({ code: "app_not_found" });
    await expect(getApp(desk.dependencies, { slug: "nobody" })).rejects.toMatchObject({
      code: "app_not_found",
    });
  });
});

test("a reader sees the apps that are theirs, by slug", async () => {
  const [b, a] = [(await create("list-b")).app, (await create("list-a")).app];
  await create("list-c");
  const seen = await listApps(desk.dependencies, { appIds: [b.id, a.id] });
  expect(seen.map(({ slug }) => slug)).toEqual(["list-a", "list-b"]);
  expect(await listApps(desk.dependencies, { appIds: [] })).toEqual([]);
});

describe("a message from an app", () => {
  const rawBody = JSON.stringify({ type: "access.reported" });
  const sign = (secret: string, at = new Date()) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, rawBody),
  });
  const verify = (slug: string, headers: Record<string, string>, body = rawBody) =>
    verifyAppMessage(desk.dependencies, { slug, headers, rawBody: body });

  test("is taken with the app's own signature only", async () => {
    const one = await create("signed-one");
    const two = await create("signed-two");
    const headers = sign(one.notificationSecret);
    expect(await verify("signed-one", headers)).toEqual({
      appId: one.app.id,
      body: { type: "access.reported" },
    });
    const refused = { code: "signature_invalid", status: 401 };
    await expect(verify("signed-one", sign(two.notificationSecret))).rejects.toMatchObject(refused);
    await expect(verify("signed-one", headers, `${rawBody} `)).rejects.toMatchObject(refused);
    await expect(verify("signed-one", {})).rejects.toMatchObject(refused);
    const old = sign(one.notificationSecret, new Date(Date.now() - 6 * 60_000));
    await expect(verify("signed-one", old)).rejects.toMatchObject(refused);
    await expect(verify("nobody", headers)).rejects.toMatchObject({ code: "app_not_found" });
  });

  test("is taken with the secret before for a day after it was replaced, unless it was ended", async () => {
    const { notificationSecret: first } = await create("rotated");
    const rotate = (endPrevious = false) =>
      rotateNotificationSecret(desk.dependencies, { actor, slug: "rotated", endPrevious });
    const { notificationSecret: second, previousUntil } = await rotate();
    expect(second).not.toBe(first);
    const dayMs = 24 * 3_600_000;
    expect((previousUntil?.getTime() ?? 0) - desk.dependencies.clock.now().getTime()).toBe(dayMs);
    await expect(verify("rotated", sign(first))).resolves.toBeDefined();
    await expect(verify("rotated", sign(second))).resolves.toBeDefined();

    const { notificationSecret: third } = await rotate();
    await expect(verify("rotated", sign(first))).rejects.toMatchObject({ code: "signature_invalid" });
    await expect(verify("rotated", sign(second))).resolves.toBeDefined();

    expect(await rotate(true)).toMatchObject({ previousUntil: null });
    await expect(verify("rotated", sign(third))).rejects.toMatchObject({ code: "signature_invalid" });
  });
});
