import { auditLogs, customerMailKinds } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { changeCustomerMail } from "./change-customer-mail.ts";
import { getCustomerMail } from "./customer-mail-settings.ts";
import { defaultTemplates } from "./default-templates.ts";
import { previewCustomerMail } from "./preview-customer-mail.ts";
import { bodySchema, renderTemplate, subjectSchema } from "./template.ts";

// Guarantee: no customer reads a placeholder, and every change of what they are told stands in the log.
let harness: Harness;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness({ connect: false });
  app = await harness.app();
});
afterAll(() => harness.close());

const change = (changes: unknown) =>
  changeCustomerMail(harness.dependencies, {
    slug: app.slug,
    actor: systemActor("test"),
    correlationId: "cor_test",
    changes,
  });

test("everything is off at first, in words that the desk brings along", async () => {
  const mail = await getCustomerMail(harness.dependencies, app);
  for (const kind of customerMailKinds) {
    expect(mail[kind]).toEqual({
      ...defaultTemplates[kind],
      wanted: false,
      isDefault: { subject: true, body: true },
    });
    expect(subjectSchema.parse(mail[kind].subject)).toBe(mail[kind].subject);
    expect(bodySchema.parse(mail[kind].body)).toBe(mail[kind].body);
    const preview = await previewCustomerMail(harness.dependencies, { slug: app.slug, draft: { kind } });
    expect(`${preview.subject}\n${preview.body}`).not.toMatch(/[{}]/);
  }
});

test("unknown and broken placeholders, and a second line in a subject, are refused with what to write instead", async () => {
  for (const [changes, said] of [
    [
      { failed: { body: "Dear {{customer}}" } },
      "failed.body: does not know {{customer}}. Known are {{customer_name}}",
    ],
    [{ started: { subject: "{{ amount }} {{iban|x}}" } }, "started.subject: does not know {{iban|x}}"],
    [{ failed: { body: "Dear {{amount" } }, "has a placeholder that is not whole"],
    [{ failed: { body: "Dear {{a{{amount}}" } }, "has a placeholder that is not whole"],
    [{ failed: { subject: "One\r\nBcc: eve@example.com" } }, "failed.subject: must be one line"],
    [{ locale: "xx-nowhere-at-all-" }, "locale: must be a language"],
    [{ replyTo: "a@example.com, b@example.com" }, "replyTo"],
    [{ refused: { wanted: true } }, "refused"],
  ] as const) {
    const refusal = change(changes);
    await expect(refusal).rejects.toMatchObject({ code: "invalid_input" });
    await expect(refusal).rejects.toThrow(said);
  }
});

test("a change is one entry of the log, without the words or the address; the same again is none", async () => {
  const changes = {
    replyTo: "help@example.com",
    succeeded: { wanted: true, subject: "Paid: {{amount}}", body: defaultTemplates.succeeded.body },
  };
  for (let time = 0; time < 2; time += 1) {
    const { succeeded } = await change(changes);
    expect(succeeded).toMatchObject({ wanted: true, isDefault: { subject: false, body: true } });
  }
  await change({ succeeded: { subject: null } });
  const entries = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.appId, app.id), eq(auditLogs.action, "customer_mail_changed")));
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(entries.map(({ before, after }) => [before, after])).toEqual([
    [
      { replyTo: null, succeeded: { wanted: false, subject: "default", body: "default" } },
      { replyTo: "set", succeeded: { wanted: true, subject: hash, body: "default" } },
    ],
    [
      { succeeded: { wanted: true, subject: hash, body: "default" } },
      { succeeded: { wanted: true, subject: "default", body: "default" } },
    ],
  ]);
});

test("what is known stands for its placeholder, and the words after the bar for what is not", () => {
  const values = {
    customer_name: null,
    amount: "¥500",
    app: "Shop",
    product: "$& {{app}}",
    order_number: null,
    reference: "rfd_1",
    date: "today",
  };
  expect(
    renderTemplate(
      { subject: "{{ customer_name | you }}", body: "{{amount}}{{order_number}} {{product}}" },
      values,
    ),
  ).toEqual({ subject: "you", body: "¥500 $& {{app}}" });
});
