import { outboxMessages } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dependencies, Mail } from "../dependencies.ts";
import { createInlineEngine } from "../durable/inline.ts";
import { recordFailure } from "../outbox/record-failure.ts";
import { createOutboxRelay } from "../outbox/relay.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { startSmtpServer } from "../testing/smtp-server.ts";
import { mailSendingWorkflow } from "../workflows/mail-sending.ts";
import { createMail } from "./create-mail.ts";
import { queueMail } from "./queue-mail.ts";

const message = {
  to: "grace@example.com",
  subject: "Your way in",
  text: "Open https://refunds.example.com/invitation?token=SECRET-TOKEN",
};
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const overSmtp = (url: string) =>
  createMail({ way: "smtp", url, from: "Redress <refunds@example.com>", requireTls: false }, silent);

/** Queues the message in a commit, and relays as the server does. */
async function deskWith(mail: Mail, factKey: string) {
  const dependencies: Dependencies = { ...harness.dependencies, mail };
  const id = await dependencies.database.transaction((transaction) =>
    queueMail(dependencies, transaction, { factKey, message }),
  );
  const engine = createInlineEngine({
    workflows: [mailSendingWorkflow(dependencies)],
    onFailure: (failure) => recordFailure(dependencies, failure),
  });
  const relay = createOutboxRelay(dependencies, engine);
  const row = async () => {
    const [found] = await dependencies.database
      .select()
      .from(outboxMessages)
      .where(eq(outboxMessages.id, id ?? ""));
    return found;
  };
  return { dependencies, id, row, work: () => relay.relayDue() };
}

test("what was queued is sealed until it has left, and leaves once for each fact", async () => {
  const server = await startSmtpServer();
  const { dependencies, id, row, work } = await deskWith(overSmtp(server.url), "mail:once");
  expect(JSON.stringify(await row())).not.toMatch(/SECRET-TOKEN|grace/);
  const again = await dependencies.database.transaction((transaction) =>
    queueMail(dependencies, transaction, { factKey: "mail:once", message }),
  );
  expect(again).toBeNull();

  await work();
  await work();
  expect(server.received).toHaveLength(1);
  const [mail] = server.received;
  expect(mail?.to).toEqual(["grace@example.com"]);
  expect(mail?.raw).toContain("From: Redress <refunds@example.com>");
  expect(mail?.raw).toContain(`Message-ID: <${id}@example.com>`);
  expect(mail?.raw.replaceAll("=\r\n", "")).toMatch(/SECRET-TOKEN/);
  expect(await row()).toMatchObject({ completedAt: expect.any(Date), data: { sealed: "" } });
  await server.close();
});

test.each([
  [451, "mail_unavailable"],
  [550, "mail_refused"],
])("a server that answers %i loses nothing: the message goes out after its grace", async (code, kind) => {
  const answers: (number | null)[] = [code, null];
  const server = await startSmtpServer({ refuse: () => answers.shift() ?? null });
  const mail = overSmtp(server.url);
  const { row, work } = await deskWith(mail, `mail:late-${code}`);
  await work();
  expect(server.received).toHaveLength(0);
  const failed = await row();
  expect(failed).toMatchObject({ completedAt: null, lastError: expect.stringContaining(String(code)) });
  // The server's own words may name somebody.
  expect(failed?.lastError).not.toContain("somebody");

  await harness.advance(60_000);
  await work();
  expect(server.received).toHaveLength(1);
  expect(await row()).toMatchObject({ completedAt: expect.any(Date), lastError: null });

  answers.push(code);
  await expect(mail.send(message)).rejects.toMatchObject({ name: "MailError", code: kind });
  await server.close();
});

test("a server that is away is unavailable; a wrong password is refused and not named", async () => {
  const user = { name: "redress", password: "p@ss/word" };
  const server = await startSmtpServer({ user });
  await overSmtp(server.url).send(message);
  expect(server.received).toHaveLength(1);
  const wrong = overSmtp(server.url.replace(encodeURIComponent(user.password), "wrong-password"));
  const refusal = await wrong.send(message).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "mail_refused", message: expect.stringContaining("sign-in") });
  expect(String(refusal)).not.toContain("wrong-password");
  await server.close();
  await expect(overSmtp(server.url).send(message)).rejects.toMatchObject({ code: "mail_unavailable" });
});

test("where TLS is required, nothing is said to a server that has none", async () => {
  const server = await startSmtpServer();
  const strict = createMail(
    { way: "smtp", url: server.url, from: "refunds@example.com", requireTls: true },
    silent,
  );
  await expect(strict.send(message)).rejects.toMatchObject({ name: "MailError" });
  expect(server.received).toHaveLength(0);
  await server.close();
});

test("a line break in an address or a subject adds no head line and no reader", async () => {
  const server = await startSmtpServer();
  const subject = "Hello\r\nBcc: eve@example.com";
  await overSmtp(server.url).send({ ...message, subject });
  expect(server.received[0]?.to).toEqual(["grace@example.com"]);
  expect(server.received[0]?.raw).not.toMatch(/^Bcc:/m);
  await server.close();
});

test("without a server: printed whole in development, refused with what to do in production", async () => {
  const printed: object[] = [];
  const logger = { ...silent, warn: (facts: object) => void printed.push(facts) };
  await createMail({ way: "log" }, logger).send(message);
  expect(printed).toEqual([{ mail: message }]);
  await expect(createMail({ way: "none" }, logger).send(message)).rejects.toMatchObject({
    code: "mail_not_configured",
    message: expect.stringContaining("SMTP_URL"),
  });
});
