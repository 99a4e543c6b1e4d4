import { purchases, refunds, stripeEvents } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemActor } from "../actor.ts";
import { approveRefund } from "../approvals/approve-refund.ts";
import { sealAudit } from "../audit/seal-audit.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { addComment } from "../comments/add-comment.ts";
import { createOutbound } from "../outbound/outbound.ts";
import { beginImport } from "../purchases/begin-import.ts";
import { reportPurchase } from "../purchases/report-purchase.ts";
import { runImport } from "../purchases/run-import.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { createEventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { type Receiver, startReceiver } from "../testing/receiver.ts";
import { eraseCustomer } from "./erase-customer.ts";
import { exportCustomer } from "./export-customer.ts";

// Who is erased is nowhere in the database, and nothing brings them back; what was refunded, and the audit log, stay.
let desk: Harness;
let shop: Receiver;
beforeEach(async () => {
  shop = await startReceiver();
  desk = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
});
afterEach(async () => {
  await desk.close();
  await shop.close();
});

const ann = { email: "Ann.Mueller+shop@example.com", name: "Ann Müller" };
const words = [ann.email.toLowerCase(), ann.name.toLowerCase(), "ann.m", "m\\u00fcller"];
const actor = systemActor("test");
const erase = (really = true) =>
  eraseCustomer(desk.dependencies, {
    ...{ query: { email: ann.email.toUpperCase() }, actor, correlationId: "cor_erase", really },
  });

/** The whole life of a refund, with everybody saying the customer's name wherever they can. */
async function refundOfAnn(app: TestApp): Promise<string> {
  const events = createEventDesk(desk);
  shop.answer({ status: 200, body: `{"status":"done","reason":"${ann.name} is out"}` });
  const charge = await desk.sandbox.admin.createCharge({
    ...{ account: app.accountId, amount: 5_000, currency: "eur", description: `For ${ann.name}` },
    ...{ customer_email: ann.email, customer_name: ann.name, metadata: { name: ann.name } },
  });
  for (const event of await events.eventsOf(app.accountId)) await events.deliver(event);
  await events.work();
  const { database } = desk.dependencies;
  const [bought] = await database.select().from(purchases).where(eq(purchases.stripeChargeId, charge.id));
  if (!bought) throw new Error("the charge did not become a purchase");
  const common = { correlationId: "cor_test" };
  const { id: refundId } = await requestRefund(events.dependencies, {
    ...{ requester: { kind: "operator", id: "opr_owner" }, purchaseId: bought.id, ...common },
    ...{ note: `${ann.name} does not want it`, ticketUrl: `https://help.example.com/?q=${ann.email}` },
  });
  const author = { kind: "operator", id: "opr_owner" } as const;
  await addComment(events.dependencies, { refundId, author, text: `Wrote to ${ann.email}`, ...common });
  const { id: operatorId } = await desk.operator();
  await approveRefund(events.dependencies, { refundId, operatorId, note: `Sorry, ${ann.name}`, ...common });
  await events.work();
  for (const event of await events.eventsOf(app.accountId)) await events.deliver(event);
  await events.work();
  return refundId;
}

/** Every text of every table, whatever its type, that has one of the words. */
async function found(): Promise<string[]> {
  const { database } = desk.dependencies;
  const { rows } = await database.execute<{ table: string }>(
    sql`select table_name as table from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const places: string[] = [];
  for (const { table } of rows) {
    const { rows: all } = await database.execute<{ text: string }>(
      sql`select row_to_json(t)::text as text from ${sql.identifier(table)} t`,
    );
    const hits = all.filter(({ text }) => words.some((word) => text.toLowerCase().includes(word)));
    if (hits.length > 0) places.push(table);
  }
  return places;
}

test("an erased customer is in no table, the books and the audit log stay, and nothing brings them back", async () => {
  const app = await desk.app({ notificationUrl: shop.url, approvalRules: [{ amount: 1, currency: "eur" }] });
  const refundId = await refundOfAnn(app);
  expect(shop.messages).toHaveLength(1);
  const before = await found();
  expect(before).toEqual(
    expect.arrayContaining([
      "purchases",
      "refunds",
      "approvals",
      "refund_comments",
      "stripe_events",
      "deliveries",
    ]),
  );
  expect(before).not.toContain("audit_logs");

  const planned = await erase(false);
  expect(await found()).toEqual(before);
  expect(planned.removed).toMatchSnapshot();
  expect((await erase()).removed).toEqual(planned.removed);
  expect(await found()).toEqual([]);
  await sealAudit(desk.dependencies);
  expect(await verifyAudit(desk.dependencies)).toMatchObject({ valid: true, unsealed: 0 });
  const { database } = desk.dependencies;
  const [refund] = await database.select().from(refunds).where(eq(refunds.id, refundId));
  expect(refund).toMatchObject({ status: "succeeded", amount: 5_000, currency: "eur", note: null });

  // Stripe still knows, and so does the app.
  const events = createEventDesk(desk);
  const { charge } = z.object({ charge: z.string() }).parse({ charge: refund?.stripeChargeId });
  const body = {
    type: "purchase.reported",
    data: { stripe_charge_id: charge, customer_email: ann.email, customer_name: ann.name },
  };
  await reportPurchase(desk.dependencies, { appId: app.id, body });
  for (const [index, event] of (await events.eventsOf(app.accountId)).entries()) {
    await events.deliver({ ...event, id: `evt_late_${index}` });
  }
  await events.work();
  await importAgain(app);
  expect(await found()).toEqual([]);
  expect(
    (await database.select().from(stripeEvents)).filter(({ status }) =>
      ["received", "failed"].includes(status),
    ),
  ).toEqual([]);
});

test("a charge of theirs that is found only later is kept without them; what they buy afterwards is theirs again", async () => {
  const app = await desk.app();
  const buy = () =>
    desk.sandbox.admin.createCharge({
      ...{ account: app.accountId, amount: 5_000, currency: "eur", silent: true },
      ...{ customer_email: ann.email, customer_name: ann.name },
    });
  await buy();
  await erase();
  await importAgain(app);
  expect(await found()).toEqual([]);
  const { database } = desk.dependencies;
  expect(await database.$count(purchases)).toBe(1);
  await desk.advance(60_000);
  await buy();
  await importAgain(app);
  expect(await found()).toContain("purchases");
});

test("what is given out is all of it, without the desk's own secrets, and is noted without saying whom", async () => {
  const app = await desk.app({ notificationUrl: shop.url, approvalRules: [{ amount: 1, currency: "eur" }] });
  await refundOfAnn(app);
  const all = await exportCustomer(desk.dependencies, {
    ...{ query: { email: ann.email, appSlug: app.slug }, actor, correlationId: "cor_export" },
  });
  const counts = Object.entries(all).map(([part, rows]) => [part, rows.length > 0]);
  expect(Object.fromEntries(counts)).toMatchSnapshot();
  expect(JSON.stringify(all)).not.toMatch(/personalSalt|whsec_/);
  expect(await found()).not.toContain("audit_logs");
});

async function importAgain({ id: appId, accountId }: TestApp): Promise<void> {
  const importId = await desk.dependencies.database.transaction((transaction) =>
    beginImport(desk.dependencies, transaction, { appId, accountId }),
  );
  await runImport(desk.dependencies, {
    ...{ importId, forMs: 600_000, parallel: 1, pause: (ms: number) => desk.advance(ms) },
  });
}
