import { setKeyWebhook } from "@redress/core/keys/set-key-webhook";
import { queueMail } from "@redress/core/mail/queue-mail";
import { type Receiver, startReceiver, verifyMessage } from "@redress/core/testing/receiver";
import { startSmtpServer } from "@redress/core/testing/smtp-server";
import { outboxMessages } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { run } from "../../../packages/cli/src/run.ts";
import { buildWeb } from "../../../scripts/build-web.ts";
import { type RunningServer, startServer } from "./server.ts";
import type { Client } from "./testing/client.ts";
import { codeOf } from "./testing/code-of.ts";
import { password, startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { forAgents } from "./testing/for-agents.ts";

// A new REDRESS_SECRET, through the real server: with the old one beside it nobody is signed out and nothing is lost,
// and once everything is sealed anew the old one can be taken away.
const first = "the first secret of this desk which is long enough";
const second = "the second secret of this desk which is long enough";
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
let server: RunningServer;
let receiver: Receiver;
let mailbox: Awaited<ReturnType<typeof startSmtpServer>>;
let isMailRefused = true;
// An agent that asks for the same again is answered with what it has.
let amount = 500;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  receiver = await startReceiver();
  mailbox = await startSmtpServer({ refuse: () => (isMailRefused ? 451 : null) });
  desk = await startDesk(sandbox, {
    env: {
      REDRESS_SECRET: first,
      REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true",
      SMTP_URL: mailbox.url,
      MAIL_FROM: "refunds@example.com",
    },
  });
  server = desk.server;
  admin = await desk.operator("admin");
}, 240_000);
afterAll(async () => {
  if (server !== desk?.server) await server?.close();
  await desk?.close();
  await Promise.all([sandbox?.close(), receiver?.close(), mailbox?.close()]);
});

const { connectedApp, makeKey } = forAgents(() => ({ sandbox, desk, admin }));
const mayRead = async (client: Client) => (await client.get("/api/v1/refunds")).status === 200;
const send = async (client: Client, path: string, fields: Record<string, string>) =>
  (await fillIn(client, desk.url, path, fields)).send();

/** The same desk, started again with other secrets. */
async function restart(secrets: Record<string, string>): Promise<void> {
  await server.close();
  const { REDRESS_SECRET: _, ...env } = desk.env;
  server = await startServer({ env: { ...env, ...secrets }, port: Number(new URL(desk.url).port) });
}

async function redress(words: string[], secrets: Record<string, string>) {
  let out = "";
  const sink = { write: (text: string) => (out += text) };
  const environment = { NODE_ENV: "test", ...desk.env, ...secrets };
  const code = await run(words, environment, { out: sink, err: sink }, new AbortController().signal);
  return { code, out };
}

/** One of everything that is made with the secret. */
async function fill() {
  const app = await connectedApp("sealed-shop");
  const patched = { notificationUrl: receiver.url };
  expect((await admin.client.send("PATCH", `/api/v1/apps/${app.slug}`, patched)).status).toBe(200);
  const person = await desk.operator("approver");
  const begun = await send(person.client, "/account", { password });
  const factor = /<code[^>]*>([A-Z2-7]+)<\/code>/.exec(begun.text)?.[1] ?? "";
  const on = await send(person.client, "/account", { code: codeOf(factor) });
  expect(on.headers.get("location")).toBe("/account?done=factor");
  const backup = [...begun.text.matchAll(/<li>([A-Za-z0-9]{5}-[A-Za-z0-9]{5})<\/li>/g)].map(
    ([, code]) => code ?? "",
  );
  const key = await makeKey();
  const { webhookSecret } = await setKeyWebhook(server.runtime.dependencies, {
    ...{ keyId: key.key.id, operatorId: admin.operatorId, url: receiver.url, correlationId: "cor_test" },
  });
  const { dependencies } = server.runtime;
  await dependencies.database.transaction((transaction) =>
    queueMail(dependencies, transaction, {
      factKey: "mail:waits",
      message: { to: "grace@example.com", subject: "It waited", text: "for the new secret" },
    }),
  );
  return { app, person, backup, key: key.secret, webhookSecret: webhookSecret ?? "" };
}

type Filled = Awaited<ReturnType<typeof fill>>;

/** Nobody was signed out, and all that was given out works. */
async function expectAllWorks({ app, person, key, backup, webhookSecret }: Filled): Promise<void> {
  expect(await mayRead(admin.client)).toBe(true);
  expect(await mayRead(person.client)).toBe(true);
  const headers = { origin: "", authorization: `Bearer ${key}` };
  amount += 100;
  const body = { purchaseId: app.purchaseId, amount, currency: "usd" };
  const asked = await desk.client().post("/api/v1/refunds", body, { headers });
  expect(asked.status).toBeLessThan(300);
  const { refund } = asked.as(z.object({ refund: z.looseObject({ id: z.string() }) }));
  // A second factor's backup code: it signs in once.
  const elsewhere = desk.clientElsewhere();
  await elsewhere.signIn(person.email, password);
  expect(await mayRead(elsewhere)).toBe(false);
  await send(elsewhere, "/sign-in/code", { code: backup.shift() ?? "", next: "/" });
  expect(await mayRead(elsewhere)).toBe(true);
  // The app verifies a ping, and the agent is told of the decision.
  receiver.messages.length = 0;
  expect((await admin.client.post(`/api/v1/apps/${app.slug}/ping`)).status).toBe(200);
  const [ping] = receiver.messages;
  expect(ping && verifyMessage(app.notificationSecret, ping)).toMatchObject({ type: "ping" });
  expect((await person.client.post(`/api/v1/refunds/${refund.id}/reject`, { note: "No." })).status).toBe(200);
  await vi.waitFor(() => expect(receiver.messages.length).toBeGreaterThan(1), 20_000);
  const told = receiver.messages.at(-1);
  expect(told && verifyMessage(webhookSecret, told)).toMatchObject({ type: "refund.updated" });
}

it("is replaced while everybody stays signed in, and every key, factor, secret and mail works on", async () => {
  const made = await fill();
  await expectAllWorks(made);
  const both = { REDRESS_SECRET: second, REDRESS_SECRET_PREVIOUS: first };
  await restart(both);
  expect((await redress(["secrets", "reseal", "--check"], both)).code).toBe(1);
  await expectAllWorks(made);
  const resealed = await redress(["secrets", "reseal"], both);
  expect([resealed.code, resealed.out]).toEqual([0, expect.stringContaining("sealed anew")]);
  expect(resealed.out).toContain("audit verify --public-key");
  expect((await redress(["secrets", "reseal", "--check"], both)).code).toBe(0);

  const alone = { REDRESS_SECRET: second };
  await restart(alone);
  await expectAllWorks(made);
  isMailRefused = false;
  await server.runtime.dependencies.database
    .update(outboxMessages)
    .set({ sendAt: new Date() })
    .where(sql`name = 'mail/sending.due' and completed_at is null`);
  server.runtime.dependencies.wakeOutbox();
  await vi.waitFor(
    () => expect(mailbox.received.map(({ raw }) => raw).join()).toContain("It waited"),
    20_000,
  );
}, 300_000);

it("ends all sessions at once, where that is wanted", async () => {
  expect(await mayRead(admin.client)).toBe(true);
  const ended = await redress(["secrets", "end-sessions", "--yes"], { REDRESS_SECRET: second });
  expect(ended.code).toBe(0);
  expect(await mayRead(admin.client)).toBe(false);
});
