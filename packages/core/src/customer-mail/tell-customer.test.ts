import { auditLogs, customerMails, outboxMessages, purchases } from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "../actor.ts";
import type { Dependencies, MailMessage } from "../dependencies.ts";
import { settleRefund } from "../refunds/settle-refund.ts";
import { askRefund, driveRefund } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { changeCustomerMail } from "./change-customer-mail.ts";

// Guarantee: a customer is told what became of a refund only where the app wants it, once a fact, whoever reports it and
// however often; never of what did not happen, and never somebody else.
let harness: Harness;
let desk: EventDesk;
let dependencies: Dependencies;
let app: TestApp;
const sent: MailMessage[] = [];

beforeAll(async () => {
  harness = await startHarness();
  const mail = { way: "smtp" as const, send: async (message: MailMessage) => void sent.push(message) };
  dependencies = { ...harness.dependencies, mail };
  desk = createEventDesk({ ...harness, dependencies });
});
afterAll(() => harness.close());
beforeEach(async () => {
  sent.length = 0;
  app = await harness.app({ approvalRules: [{ amount: 100_000, currency: "eur" }] });
});

const all = { started: { wanted: true }, succeeded: { wanted: true }, failed: { wanted: true } };
const told = () => sent.map(({ subject }) => subject);

function want(changes: object): Promise<unknown> {
  const actor = systemActor("test");
  return changeCustomerMail(dependencies, { slug: app.slug, actor, correlationId: "cor_test", changes });
}

function buy(changes: { paymentMethod?: string; customerEmail?: string } = {}): Promise<TestPurchase> {
  return harness.purchase({ app, customerEmail: "ada@example.com", ...changes });
}

async function refunded(purchase: TestPurchase) {
  const { id } = await askRefund({ ...harness, dependencies }, purchase, { amount: 1_234 });
  const refund = await driveRefund({ ...harness, dependencies }, id);
  await desk.work();
  return refund;
}

async function news(purchase: TestPurchase, changes: object = {}, id?: string) {
  const found = (await harness.stripeRefunds(purchase)).find((one) => id === undefined || one.id === id);
  const settled = await settleRefund(dependencies, {
    stripeRefund: { ...found, ...changes },
    accountId: purchase.accountId,
    source: "stripe_webhook",
    correlationId: "evt_test",
    fresh: false,
  });
  await desk.work();
  return settled;
}

test("nobody is written to unless the app says so", async () => {
  await refunded(await buy());
  expect(sent).toEqual([]);
  await want({ failed: { wanted: true } });
  await refunded(await buy());
  expect(sent).toEqual([]);
});

test("on its way, paid, and failed after all: each is told once, in the app's words, however often Stripe says it", async () => {
  await want({
    ...all,
    locale: "de",
    replyTo: "support@example.com",
    started: {
      wanted: true,
      subject: "{{amount}} unterwegs",
      body: "{{customer_name|Guten Tag}}: {{reference}}",
    },
  });
  const purchase = await buy({ paymentMethod: "pm_card_pendingRefund" });
  const refund = await refunded(purchase);
  expect(refund.status).toBe("pending");
  expect(sent).toMatchObject([
    {
      to: "ada@example.com",
      subject: "12,34\u00A0€ unterwegs",
      text: `Guten Tag: ${refund.id}`,
      replyTo: "support@example.com",
    },
  ]);
  for (const status of ["pending", "succeeded", "succeeded", "pending", "failed", "succeeded", "failed"]) {
    await news(purchase, { status });
  }
  expect(told().slice(1)).toEqual([
    "Your refund from App 2: 12,34\u00A0€",
    "Your refund from App 2 could not be paid out",
  ]);
  const { database } = dependencies;
  const entries = await database
    .select({ details: auditLogs.details })
    .from(auditLogs)
    .where(and(eq(auditLogs.refundId, refund.id), eq(auditLogs.action, "customer_mail_queued")));
  expect(entries.map(({ details }) => details)).toEqual([
    { kind: "started" },
    { kind: "succeeded" },
    { kind: "failed" },
  ]);
});

test("a refund that is paid at once is told as paid; where only the start is wanted, as started", async () => {
  await want(all);
  await refunded(await buy());
  expect(told()).toEqual(["Your refund from App 3: €12.34"]);
  await want({ succeeded: { wanted: false } });
  await refunded(await buy());
  expect(told()[1]).toBe("Your refund from App 3 is on its way");
});

test("what Stripe refuses was never told as started", async () => {
  await want(all);
  const purchase = await buy();
  await harness.sandbox.admin.createDispute({ charge: purchase.chargeId, account: purchase.accountId });
  const refund = await refunded(purchase);
  expect(["refused", "blocked"]).toContain(refund.status);
  expect(sent).toEqual([]);
});

test("the message leaves with the change or not at all", async () => {
  await want(all);
  const purchase = await buy({ paymentMethod: "pm_card_pendingRefund" });
  const refund = await refunded(purchase);
  sent.length = 0;
  // The database fails after the row was changed and before the commit.
  const broken: Dependencies = {
    ...dependencies,
    secrets: {
      ...dependencies.secrets,
      seal: () => {
        throw new Error("no memory");
      },
    },
  };
  const [stripeRefund] = await harness.stripeRefunds(purchase);
  const word = { accountId: purchase.accountId, source: "stripe_webhook", correlationId: "e" } as const;
  const settling = settleRefund(broken, {
    stripeRefund: { ...stripeRefund, status: "succeeded" },
    fresh: false,
    ...word,
  });
  await expect(settling).rejects.toThrow("no memory");
  const kinds = () =>
    dependencies.database
      .select({ kind: customerMails.kind })
      .from(customerMails)
      .where(eq(customerMails.refundId, refund.id));
  expect(await kinds()).toEqual([{ kind: "started" }]);
  await news(purchase, { status: "succeeded" });
  expect(await kinds()).toHaveLength(2);
  expect(sent).toHaveLength(1);
});

test("the database itself keeps a second telling of the same fact out, and forgets none", async () => {
  await want(all);
  const { id: refundId } = await refunded(await buy());
  const { database } = dependencies;
  const again = { refundId, kind: "succeeded", queuedAt: new Date() } as const;
  await expect(database.insert(customerMails).values(again)).rejects.toThrow();
  await expect(database.delete(customerMails)).rejects.toThrow();
  // Even where the outbox has forgotten the message.
  await database
    .delete(outboxMessages)
    .where(eq(outboxMessages.factKey, `mail:customer:${refundId}:succeeded`));
  await expect(database.update(customerMails).set({ kind: "failed" })).rejects.toThrow();
});

test("a purchase without one plain address is written to nobody", async () => {
  await want(all);
  const addresses = [
    null,
    "",
    "nobody",
    "ada@example.com, eve@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "Eve <eve@example.com>",
  ];
  for (const customerEmail of addresses) {
    const purchase = await buy();
    await dependencies.database.update(purchases).set({ customerEmail }).where(eq(purchases.id, purchase.id));
    await refunded(purchase);
  }
  expect(sent).toEqual([]);
});

test("what a customer or shop typed adds no header, no line and no link", async () => {
  await want({
    ...all,
    succeeded: {
      wanted: true,
      subject: "{{product}} {{order_number}}",
      body: "Dear {{customer_name|customer}},\n{{product}}",
    },
  });
  const purchase = await buy();
  await dependencies.database
    .update(purchases)
    .set({
      customerName: "Win at https://evil.example",
      productName: "Course\r\nBcc: eve@example.com\u202E",
      orderNumber: "{{amount}}",
    })
    .where(eq(purchases.id, purchase.id));
  await refunded(purchase);
  expect(sent).toMatchObject([
    {
      subject: "Course Bcc: eve@example.com {{amount}}",
      text: "Dear customer,\nCourse Bcc: eve@example.com",
    },
  ]);
});

test("address and text stand sealed in the outbox until they were sent, and then not at all", async () => {
  await want(all);
  const { id } = await askRefund({ ...harness, dependencies }, await buy(), { amount: 1_234 });
  await driveRefund({ ...harness, dependencies }, id);
  const row = async () => {
    const factKey = `mail:customer:${id}:succeeded`;
    const [message] = await dependencies.database
      .select()
      .from(outboxMessages)
      .where(eq(outboxMessages.factKey, factKey));
    return JSON.stringify(message?.data);
  };
  expect(await row()).toMatch(/^\{"sealed":"[^"]{50,}"\}$/);
  expect(await row()).not.toContain("ada@example.com");
  await desk.work();
  expect(await row()).toBe('{"sealed":""}');
});

test("a refund from Stripe's Dashboard is told as well; one from before the app came is not", async () => {
  await want(all);
  const made = async (created?: Date) => {
    const purchase = await buy();
    const { accountId: stripeAccount, chargeId: charge } = purchase;
    const refund = await dependencies.stripe.refunds.create({ charge, amount: 500 }, { stripeAccount });
    await news(purchase, created ? { created: Math.floor(created.getTime() / 1000) } : {}, refund.id);
    return { purchase, refund };
  };
  await made();
  expect(told()).toEqual([expect.stringContaining("€5.00")]);
  sent.length = 0;
  const { purchase, refund } = await made(new Date(harness.clock.now().getTime() - 86_400_000));
  expect(sent).toEqual([]);
  // That it fails now is news.
  await news(purchase, { status: "failed" }, refund.id);
  expect(told()).toEqual([expect.stringContaining("could not be paid out")]);
});

test("a desk that sends no mail queues none, so that nothing old leaves once it does", async () => {
  await want(all);
  const none: Dependencies = { ...dependencies, mail: { ...dependencies.mail, way: "none" } };
  const { id } = await askRefund({ ...harness, dependencies: none }, await buy(), { amount: 1_234 });
  await driveRefund({ ...harness, dependencies: none }, id);
  await desk.work();
  expect(sent).toEqual([]);
});
