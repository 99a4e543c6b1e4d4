import { auditLogs, operatorSessions } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { builtActions, callAction } from "./testing/call-action.ts";
import type { Client } from "./testing/client.ts";
import { codeOf } from "./testing/code-of.ts";
import { password, startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

// Who gets in, and who is out, by the real forms: second factor, sessions, passwords, people who were shut out.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
let actions: Awaited<ReturnType<typeof builtActions>>;
const newPassword = "another password for tests";

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  admin = await desk.operator("admin");
  actions = await builtActions();
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

async function send(client: Client, path: string, fields: Record<string, string>) {
  return (await fillIn(client, desk.url, path, fields)).send();
}

/** As an administrator, on somebody's line of the page People. */
async function onPerson(action: string, operatorId: string) {
  const built = actions.get(`(desk)/settings/people/actions.ts ${action}`);
  if (built === undefined) throw new Error(`there is no action ${action}`);
  const { code } = await callAction(admin.client, built, "/settings/people", { operatorId });
  expect([action, code]).toEqual([action, null]);
}

const mayRead = async (client: Client) => (await client.get("/api/v1/refunds")).status === 200;

/** Signs in somewhere else, as a browser without a session would. */
async function elsewhere(email: string, word = password): Promise<Client> {
  const client = desk.clientElsewhere();
  await client.signIn(email, word);
  return client;
}

const enter = (client: Client, code: string) => send(client, "/sign-in/code", { code, next: "/" });

/** Somebody whose second factor is on, switched on with the code of this half minute. */
async function withFactor() {
  const person = await desk.operator("approver");
  const begun = await send(person.client, "/account", { password });
  const secret = /<code[^>]*>([A-Z2-7]+)<\/code>/.exec(begun.text)?.[1] ?? "";
  const backup = [...begun.text.matchAll(/<li>([A-Za-z0-9]{5}-[A-Za-z0-9]{5})<\/li>/g)].map(
    ([, one]) => one ?? "",
  );
  const now = Date.now();
  const on = await send(person.client, "/account", { code: codeOf(secret, now) });
  expect(on.headers.get("location")).toBe("/account?done=factor");
  return { ...person, backup, spent: codeOf(secret, now), next: codeOf(secret, now + 30_000) };
}

describe("a code of the second factor", () => {
  it("is taken once: not again, not by two at once, and not where it switched the factor on", async () => {
    const { email, operatorId, spent, next } = await withFactor();
    const late = await elsewhere(email);
    expect((await enter(late, spent)).text).toContain("This code is wrong");
    expect(await mayRead(late)).toBe(false);
    const { database } = desk.dependencies;
    const known = await database.$count(operatorSessions, eq(operatorSessions.userId, operatorId));
    const both = [await elsewhere(email), await elsewhere(email)];
    const answers = await Promise.all(both.map((client) => enter(client, next)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 303]);
    expect((await Promise.all(both.map(mayRead))).sort()).toEqual([false, true]);
    // No session is left that the refused one was given.
    expect(await database.$count(operatorSessions, eq(operatorSessions.userId, operatorId))).toBe(known + 1);
    expect((await enter(await elsewhere(email), next)).text).toContain("This code is wrong");
  });

  it("is asked for five times a sign-in, and ten wrong ones in a row lock it, the right one too", async () => {
    const { email, next } = await withFactor();
    const first = await elsewhere(email);
    for (let count = 0; count < 5; count += 1) expect((await enter(first, "000000")).status).toBe(200);
    expect((await enter(first, next)).status).toBe(200);
    expect(await mayRead(first)).toBe(false);
    const second = await elsewhere(email);
    for (let count = 0; count < 5; count += 1) await enter(second, "000000");
    const third = await elsewhere(email);
    expect((await enter(third, next)).text).toContain("Too many wrong codes");
    expect(await mayRead(third)).toBe(false);
    const refused = await desk.dependencies.database
      .select()
      .from(auditLogs)
      .where(eq(auditLogs.action, "sign_in_refused"));
    expect(refused.length).toBeGreaterThan(9);
  });

  it("in a backup works for one of two who use it at once, and never again", async () => {
    const { email, backup } = await withFactor();
    const [code = ""] = backup;
    const both = [await elsewhere(email), await elsewhere(email)];
    await Promise.all(both.map((client) => enter(client, code)));
    expect((await Promise.all(both.map(mayRead))).sort()).toEqual([false, true]);
    const later = await elsewhere(email);
    await enter(later, code);
    expect(await mayRead(later)).toBe(false);
    await enter(later, backup[1] ?? "");
    expect(await mayRead(later)).toBe(true);
  });

  it("is asked for at every sign-in: no device is remembered, whatever a request asks for", async () => {
    const { email, next } = await withFactor();
    const client = await elsewhere(email);
    await client.post("/api/auth/two-factor/verify-totp", { code: next, trustDevice: true });
    expect(await mayRead(client)).toBe(true);
    await client.post("/api/auth/sign-out", {});
    await client.signIn(email, password);
    expect(await mayRead(client)).toBe(false);
  });

  it("is no longer asked for once an administrator has taken it away; that signs the person out", async () => {
    const { client, email, operatorId } = await withFactor();
    await onPerson("resetFactor", operatorId);
    expect(await mayRead(client)).toBe(false);
    expect(await mayRead(await elsewhere(email))).toBe(true);
  });

  it("switches it off only together with the password", async () => {
    const { client, email, next } = await withFactor();
    const off = async (word: string, code: string) => send(client, "/account", { code, password: word });
    expect((await off("not the password", next)).text).toContain("The password is wrong");
    expect(await mayRead(await elsewhere(email))).toBe(false);
    expect((await off(password, next)).text).toContain("This code is wrong");
    expect(await mayRead(await elsewhere(email))).toBe(false);
  });
});

describe("sessions", () => {
  it("a changed password ends all others, a wrong one changes nothing", async () => {
    const { client, email, operatorId } = await desk.operator("agent");
    const other = await elsewhere(email);
    const refused = await send(client, "/account", { newPassword, password: "not the password" });
    expect(refused.text).toContain("The present password is wrong");
    expect(await mayRead(other)).toBe(true);
    const changed = await send(client, "/account", { newPassword, password });
    expect(changed.headers.get("location")).toBe("/account?done=password");
    expect((await client.get("/account?done=password")).text).toContain("The new password holds");
    expect([await mayRead(client), await mayRead(other)]).toEqual([true, false]);
    expect((await desk.client().signIn(email, password)).status).toBe(401);
    expect(await mayRead(await elsewhere(email, newPassword))).toBe(true);
    const noted = await desk.dependencies.database
      .select({ action: auditLogs.action })
      .from(auditLogs)
      .where(eq(auditLogs.actorId, operatorId));
    expect(noted).toContainEqual({ action: "operator_password_set" });
  });

  it("are ended one by one, one's own only", async () => {
    const { client, email, operatorId } = await desk.operator("agent");
    const stranger = await desk.operator("agent");
    const other = await elsewhere(email);
    const idsOf = async (userId: string) =>
      desk.dependencies.database
        .select({ id: operatorSessions.id })
        .from(operatorSessions)
        .where(eq(operatorSessions.userId, userId));
    const [foreign] = await idsOf(stranger.operatorId);
    await send(client, "/account", { sessionId: foreign?.id ?? "" });
    expect(await mayRead(stranger.client)).toBe(true);
    const shown = (await client.get("/account")).text;
    const own = (await idsOf(operatorId)).find(({ id }) => shown.includes(`value="${id}"`));
    // The page offers the other one alone: its own is ended by signing out.
    expect((await idsOf(operatorId)).filter(({ id }) => shown.includes(`value="${id}"`))).toHaveLength(1);
    await send(client, "/account", { sessionId: own?.id ?? "" });
    expect([await mayRead(client), await mayRead(other)]).toEqual([true, false]);
  });

  it("are all ended by an administrator", async () => {
    const { client, email, operatorId } = await desk.operator("viewer");
    const other = await elsewhere(email);
    await onPerson("signOutPerson", operatorId);
    expect([await mayRead(client), await mayRead(other)]).toEqual([false, false]);
    expect(await mayRead(await elsewhere(email))).toBe(true);
  });
});

describe("who was shut out", () => {
  it("is out at once, in pages, forms, REST, keys and signing in, and back in when let in", async () => {
    const { client, email, operatorId } = await desk.operator("admin");
    const made = await client.post("/api/v1/keys", { name: "Bot" });
    const { secret } = made.as(z.object({ secret: z.string() }));
    const headers = { origin: "", authorization: `Bearer ${secret}` };
    const byKey = () => desk.client().send("GET", "/api/v1/refunds", undefined, { headers });
    expect((await byKey()).status).toBe(200);
    const form = await fillIn(client, desk.url, "/account", { newPassword, password });
    await onPerson("shutOut", operatorId);
    expect((await client.get("/api/v1/refunds")).code).toBe("sign_in_required");
    expect((await client.get("/refunds")).headers.get("location")).toContain("/sign-in");
    expect((await form.send()).headers.get("location")).toContain("/sign-in");
    expect((await byKey()).status).not.toBe(200);
    expect((await desk.client().signIn(email, password)).status).toBe(401);
    await onPerson("letIn", operatorId);
    expect(await mayRead(await elsewhere(email))).toBe(true);
    expect((await byKey()).status).toBe(200);
  });
});
