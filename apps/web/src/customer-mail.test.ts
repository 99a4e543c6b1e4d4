import { startSmtpServer } from "@redress/core/testing/smtp-server";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// Mail to customers as it is set up and sent for real: over HTTP and in the console, to a mail server over SMTP.
let sandbox: Sandbox;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let desk: Awaited<ReturnType<typeof startDesk>>;
const { connectedApp, refundInDashboard } = onSandbox(() => ({ sandbox, desk }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  [sandbox, smtp] = await Promise.all([startSandbox(), startSmtpServer()]);
  desk = await startDesk(sandbox, {
    env: { SMTP_URL: smtp.url, MAIL_FROM: "Redress <refunds@example.com>" },
  });
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await smtp?.close();
  await sandbox?.close();
});

const settings = z.object({
  customerMail: z.looseObject({ delivery: z.string(), succeeded: z.looseObject({ wanted: z.boolean() }) }),
});

async function shop(slug: string) {
  const app = await connectedApp(slug);
  const admin = await desk.operator("admin", slug);
  return { ...app, admin, path: `/api/v1/apps/${slug}/customer-mail` };
}

/** The mail that came, its head and its text. */
const received = () => smtp.received.map(({ to, raw }) => ({ to, raw: raw.replaceAll("=\r\n", "") }));

test("a refund over the public routes is told to its customer by SMTP, once the app wants it", async () => {
  const { admin, path, slug, purchaseId } = await shop("telling-shop");
  expect((await admin.client.get(path)).as(settings).customerMail).toMatchObject({
    delivery: "smtp",
    succeeded: { wanted: false },
  });
  const changed = await admin.client.send("PATCH", path, {
    replyTo: "support@example.com",
    succeeded: {
      wanted: true,
      subject: "Refunded: {{amount}}",
      body: "{{app}} / {{reference}}\n{{product|none}}",
    },
  });
  expect(changed.status).toBe(200);
  await admin.client.send("PATCH", `/api/v1/apps/${slug}`, {
    approvalRules: [{ amount: 100_000, currency: "usd" }],
  });
  const asked = await admin.client.post("/api/v1/refunds", { purchaseId, amount: 1_250 });
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  await vi.waitFor(() => expect(smtp.received).toHaveLength(1), { timeout: 30_000, interval: 100 });
  const [message] = received();
  expect(message?.to).toEqual(["customer@example.com"]);
  for (const line of [
    "From: Redress <refunds@example.com>",
    "Reply-To: support@example.com",
    "Subject: Refunded: $12.50",
    `telling-shop / ${refund.id}`,
    "none",
  ]) {
    expect(message?.raw.split("\r\n")).toContain(line);
  }
  const page = await admin.client.get(`/refunds/${refund.id}`);
  expect(page.text).toContain("Customer written to: refunded");
});

test("a refund of the merchant's own is told too, when reconciliation finds it", async () => {
  const { admin, path, account, chargeId, slug } = await shop("dashboard-shop");
  await admin.client.send("PATCH", path, { succeeded: { wanted: true } });
  const before = smtp.received.length;
  await refundInDashboard(account, chargeId, 700);
  await admin.client.post("/api/v1/reconciliation", { app: slug });
  await vi.waitFor(() => expect(smtp.received).toHaveLength(before + 1), { timeout: 30_000, interval: 100 });
  expect(received().at(-1)?.raw).toContain("Subject: Your refund from dashboard-shop: $7.00");
});

test("a placeholder that nobody knows is refused with the known ones, over REST and in the console, keeping the draft", async () => {
  const { admin, path, slug } = await shop("careful-shop");
  const refused = await admin.client.send("PATCH", path, { failed: { body: "Dear {{first_name}}" } });
  expect(refused.code).toBe("invalid_input");
  expect(refused.text).toContain("does not know {{first_name}}. Known are {{customer_name}}, {{amount}}");
  const page = `/settings/integrations/${slug}/mail`;
  const draft = { subject: "Dear {{first_name}}", body: "My own words", step: "save" };
  const shown = await (await fillIn(admin.client, desk.url, page, draft)).send();
  expect(shown.text).toContain("does not know {{first_name}}");
  expect(shown.text).toContain("My own words");
});

test("the console previews a draft without keeping it, then keeps it", async () => {
  const { admin, path, slug } = await shop("preview-shop");
  const page = `/settings/integrations/${slug}/mail`;
  const fields = {
    subject: "{{amount}} for {{product}}",
    body: "Dear {{customer_name}},\r\nbye",
    wanted: "on",
  };
  const preview = await (await fillIn(admin.client, desk.url, page, { ...fields, step: "preview" })).send();
  expect(preview.text).toContain("€49.00 for Course in analysis");
  expect(preview.text).toContain("Dear Ada Lovelace,\nbye");
  expect((await admin.client.get(path)).text).toContain('"started":{"wanted":false');
  const saved = await (await fillIn(admin.client, desk.url, page, { ...fields, step: "save" })).send();
  expect(saved.text).toContain("Saved. It counts for what happens to refunds from now on.");
  expect(JSON.parse((await admin.client.get(path)).text).customerMail.started).toEqual({
    wanted: true,
    subject: "{{amount}} for {{product}}",
    body: "Dear {{customer_name}},\nbye",
    isDefault: { subject: false, body: false },
  });
  const approver = await desk.operator("approver", slug);
  expect((await approver.client.get(page)).headers.get("location")).toContain("/no-access");
  const rest = await admin.client.post(`${path}/preview`, { kind: "failed", subject: "{{reference}}" });
  expect(JSON.parse(rest.text).preview.subject).toMatch(/^rfd_/);
});
