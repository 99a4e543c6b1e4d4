import { startSmtpServer } from "@redress/core/testing/smtp-server";
import { auditLogs, operatorInvitations, operatorVerifications, outboxMessages } from "@redress/database";
import { startSandbox } from "@redress/stripe-sandbox";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { codeOf } from "./testing/code-of.ts";
import { password, startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
const newPassword = "another password for tests";

beforeAll(async () => {
  await buildWeb(() => undefined);
  [sandbox, smtp] = await Promise.all([startSandbox({ seed: 1 }), startSmtpServer()]);
  desk = await startDesk(sandbox, {
    env: { SMTP_URL: smtp.url, MAIL_FROM: "Redress <refunds@example.com>" },
  });
  admin = await desk.operator("admin");
}, 240_000);
afterAll(async () => {
  await desk.close();
  await Promise.all([smtp.close(), sandbox.close()]);
});

/** The path of the link in the newest mail to somebody, beyond those that are known. */
async function linkTo(address: string, known = 0): Promise<string> {
  const mails = () => smtp.received.filter(({ to }) => to.includes(address));
  await vi.waitFor(() => expect(mails().length).toBeGreaterThan(known), { timeout: 10_000 });
  const text = (mails().at(-1)?.raw ?? "").replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return /(\/(?:invitation|reset-password)\?token=[\w-]+)/.exec(text)?.[1] ?? "";
}

async function send(client: Client, path: string, fields: Record<string, string>) {
  return (await fillIn(client, desk.url, path, fields)).send();
}

async function actionsOf(operatorId: string): Promise<string[]> {
  const rows = await desk.dependencies.database
    .select({ action: auditLogs.action })
    .from(auditLogs)
    .where(eq(auditLogs.actorId, operatorId));
  return rows.map(({ action }) => action);
}

test("an invitation makes one account with its role, once, and its link stands nowhere in the database", async () => {
  const email = "grace@example.com";
  await send(admin.client, "/settings/people", { email, role: "approver", appSlug: "" });
  const { database } = desk.dependencies;
  const path = await linkTo(email);
  const token = path.split("token=")[1] ?? "none";
  const kept = [
    await database.select().from(operatorInvitations),
    await database.select().from(outboxMessages),
  ];
  expect(JSON.stringify(kept)).not.toContain(token);

  const guests = [desk.client(), desk.client()];
  const answers = await Promise.all(
    guests.map((guest) => send(guest, path, { token, name: "Grace", password: newPassword })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 303]);
  const [winner] = guests.filter((_, index) => answers[index]?.status === 303);
  const refunds = await winner?.get("/api/v1/refunds");
  expect(refunds?.status).toBe(200);
  expect((await desk.client().get(path)).text).toContain("Ask an administrator to send another");
  const accepted = await database.select().from(auditLogs).where(eq(auditLogs.action, "invitation_accepted"));
  expect(accepted).toHaveLength(1);
});

test("a forgotten password is answered alike for everybody; the link works once and ends all sessions", async () => {
  const person = await desk.operator("agent");
  const texts = await Promise.all(
    [person.email, "nobody@example.com"].map(async (email) => {
      const { status, text } = await send(desk.client(), "/forgot-password", { email });
      return `${status} ${/Look into your mail/.test(text)}`;
    }),
  );
  expect(texts).toEqual(["200 true", "200 true"]);
  const path = await linkTo(person.email);
  const token = path.split("token=")[1] ?? "none";
  const kept = await desk.dependencies.database.select().from(operatorVerifications);
  expect(kept.length).toBeGreaterThan(0);
  expect(JSON.stringify(kept)).not.toContain(token);

  const first = await send(desk.client(), path, { token, password: newPassword });
  expect(first.text).toContain("holds from now on");
  const second = await send(desk.client(), path, { token, password: "yet another password" });
  expect(second.text).toContain("This link was used");
  expect((await person.client.get("/api/v1/refunds")).status).toBe(401);
  expect((await desk.client().signIn(person.email, password)).status).toBe(401);
  expect((await desk.client().signIn(person.email, newPassword)).status).toBe(200);
  expect(smtp.received.filter(({ to }) => to.includes("nobody@example.com"))).toEqual([]);
  expect(await actionsOf(person.operatorId)).toEqual(expect.arrayContaining(["password_reset", "sign_in"]));
});

test("with a second factor the password alone opens nothing; a backup code works once", async () => {
  const person = await desk.operator("approver");
  const begun = await send(person.client, "/account", { password });
  const secret = /<code[^>]*>([A-Z2-7]+)<\/code>/.exec(begun.text)?.[1] ?? "";
  const backup = [...begun.text.matchAll(/<li>([A-Za-z0-9]{5}-[A-Za-z0-9]{5})<\/li>/g)].map(
    ([, code]) => code,
  );
  expect(secret.length).toBeGreaterThan(20);
  expect(backup).toHaveLength(10);
  await send(person.client, "/account", { code: codeOf(secret) });
  expect(await actionsOf(person.operatorId)).toContain("second_factor_on");

  const half = desk.client();
  const step = await half.signIn(person.email, password);
  expect(step.as(z.object({ twoFactorRedirect: z.literal(true) }))).toBeTruthy();
  expect((await half.get("/api/v1/refunds")).status).toBe(401);
  const wrong = await send(half, "/sign-in/code", { code: "00000-00000", next: "/" });
  expect(wrong.status).toBe(200);
  expect((await half.get("/api/v1/refunds")).status).toBe(401);
  expect((await send(half, "/sign-in/code", { code: backup[0] ?? "", next: "/" })).status).toBe(303);
  expect((await half.get("/api/v1/refunds")).status).toBe(200);

  const again = desk.client();
  await again.signIn(person.email, password);
  expect((await send(again, "/sign-in/code", { code: backup[0] ?? "", next: "/" })).status).toBe(200);
  // The code that switched it on is spent; the one after it is right already.
  const code = codeOf(secret, Date.now() + 30_000);
  expect((await send(again, "/sign-in/code", { code, next: "/" })).status).toBe(303);
});

test("who is shut out is out at once, everywhere", async () => {
  const person = await desk.operator("viewer");
  expect((await person.client.get("/api/v1/refunds")).status).toBe(200);
  const { deactivate } = await import("@redress/core/operators/deactivate");
  const actor = { kind: "operator", id: admin.operatorId } as const;
  await deactivate(desk.dependencies, { operatorId: person.operatorId, actor, correlationId: "cor_out" });
  expect((await person.client.get("/api/v1/refunds")).status).toBe(401);
  expect((await desk.client().signIn(person.email, password)).status).toBe(401);
  expect((await desk.client().signIn(person.email, "wrong password")).status).toBe(401);
});

test("guessing is limited by account and address together, and stands in the log without the address in clear", async () => {
  const person = await desk.operator("viewer");
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  const attempt = (address: string, word: string) =>
    desk.client().post("/api/auth/sign-in/email", { email: person.email, password: word }, from(address));
  const statuses: number[] = [];
  for (let count = 0; count < 10; count += 1)
    statuses.push((await attempt("198.51.100.7", "a guess")).status);
  expect(statuses).toEqual([...Array(8).fill(401), 429, 429]);
  // The person, from where they are, is not kept out.
  expect((await attempt("198.51.100.8", password)).status).toBe(200);
  const refused = await desk.dependencies.database
    .select()
    .from(auditLogs)
    .where(eq(auditLogs.action, "sign_in_refused"))
    .orderBy(desc(auditLogs.id))
    .limit(20);
  const limited = refused.filter(({ details }) => Reflect.get(Object(details), "why") === "limited");
  expect(limited).toHaveLength(1);
  expect(JSON.stringify(refused)).not.toContain(person.email);
});
