import { purchases } from "@redress/database";
import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { executeRefund } from "../refunds/execute-refund.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { getPurchase } from "./get-purchase.ts";
import { searchPurchases } from "./search-purchases.ts";

let desk: Harness;
let [one, two]: TestApp[] = [];
const sold: Record<string, TestPurchase> = {};

beforeAll(async () => {
  desk = await startHarness();
  one = await desk.app({ slug: "total-typescript" });
  two = await desk.app({ slug: "other" });
  await sell("ada", one, {
    customerEmail: "Ada.L@Example.com",
    customerName: "Ada Lovelace",
    orderNumber: "R-1001",
  });
  await sell("anna", one, {
    customerEmail: "a_n@example.com",
    customerName: "Anna-Lena Müller",
    orderNumber: "1002",
  });
  await sell("grace", two, {
    customerEmail: "grace@navy.example",
    customerName: "Grace Hopper",
    orderNumber: "r-1003",
  });
  await sell("nobody", two, { paymentMethodLast4: "1002" });
  await sell("yen", two, {
    amountCaptured: 4_900,
    currency: "jpy",
    appCustomerId: "user-77",
    purchasedAt: new Date("2026-02-28T23:59:59.000Z"),
  });
  await sell("dinar", two, {
    amountCaptured: 49_500,
    currency: "kwd",
    stripeCustomerId: "cus_Dinar1",
    purchasedAt: new Date("2026-03-01T00:00:00.000Z"),
  });
  await sell("euro", two, {
    amountCaptured: 4_950,
    currency: "eur",
    customerEmail: "grace@navy.example",
    purchasedAt: new Date("2026-03-05T12:00:00.000Z"),
  });
});
afterAll(() => desk.close());

async function sell(
  name: string,
  app: TestApp,
  values: Partial<typeof purchases.$inferInsert>,
): Promise<void> {
  const purchase = await desk.purchase({ app });
  sold[name] = purchase;
  await desk.dependencies.database
    .update(purchases)
    .set({ customerEmail: null, customerName: null, paymentMethodLast4: "4242", ...values })
    .where(eq(purchases.id, purchase.id));
}

function purchaseOf(name: string): TestPurchase {
  const purchase = sold[name];
  if (purchase === undefined) throw new Error(`nothing sold to ${name}`);
  return purchase;
}

async function found(query: string, appIds: string[] | "all" = "all"): Promise<string[]> {
  const { purchases: page } = await searchPurchases(desk.dependencies, { appIds, query });
  return Object.entries(sold)
    .filter(([, { id }]) => page.some((purchase) => purchase.id === id))
    .map(([name]) => name);
}

describe("what a person types", () => {
  test.each<[string, string[]]>([
    ["", ["ada", "anna", "grace", "nobody", "yen", "dinar", "euro"]],
    ["ada.l@example.com", ["ada"]],
    ["ADA.L@", ["ada"]],
    ["love", ["ada"]],
    ["Lovelace ada", ["ada"]],
    ["Ada Hopper", []],
    ["müller", ["anna"]],
    ["anna-lena", ["anna"]],
    ["#r-1001", ["ada"]],
    ["R-1003", ["grace"]],
    ["1002", ["anna", "nobody"]],
    ["app:other", ["grace", "nobody", "yen", "dinar", "euro"]],
    ["app:other hopper", ["grace"]],
    ["app:missing", []],
    ["%", []],
    ["a_n@", ["anna"]],
    ["ad_.l@", []],
    ["49.50", ["dinar", "euro"]],
    ["€49.50", ["euro"]],
    ["49,50eur", ["euro"]],
    ["amount:4900jpy", ["yen"]],
    ["amount:4900", ["yen"]],
    ["amount:49.5..49.6", ["dinar", "euro"]],
    ["amount:40..60kwd", ["dinar"]],
    ["amount:100..eur", ["ada", "anna", "grace", "nobody"]],
    ["2026-03", ["dinar", "euro"]],
    ["2026-03-01", ["dinar"]],
    ["2026-02-28..2026-03-01", ["yen", "dinar"]],
    ["until:2026-02", ["yen"]],
    ["since:2026-03-02 until:2026-03-31 grace@", ["euro"]],
    ["grace@navy.example 49.50", ["euro"]],
    ["cus_Dinar1", ["dinar"]],
    ["customer:user-77", ["yen"]],
    ["user-77", ["yen"]],
    ["email:grace", ["grace", "euro"]],
    ["name:grace", ["grace"]],
    ["ada.lovelace", []],
    ["name:ada.lovelace", ["ada"]],
    ["order:1002", ["anna"]],
    ["card:1002", ["nobody"]],
    ["O'Brien & (x) | :* ! \\ '", []],
  ])("%j", async (query, names) => {
    expect(await found(query)).toEqual(names);
  });

  test.each(["amount:much", "date:2026-02-31", "since:yesterday", "until:", "date:2026-11-01..nonsense"])(
    "%j is refused with what to write instead, or sought as it stands",
    async (query) => {
      if (query.endsWith(":")) return expect(await found(query)).toEqual([]);
      await expect(found(query)).rejects.toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining("Write it like"),
      });
    },
  );

  test.each<[string, string, string[], boolean]>([
    ["grace@navy.example", "euro", ["email"], true],
    ["grace@navy.example 49.50", "euro", ["email", "amount"], false],
    ["hopper grace@navy.example", "grace", ["name", "email"], true],
    ["grace@navy.example r-1003", "grace", ["email", "order_number"], false],
    ["1002", "nobody", ["last4"], false],
    ["app:other 2026-03-05", "euro", ["date"], false],
    ["", "euro", [], false],
  ])("%j says by what it found %s, and whether that is shown by more than an address", async (...row) => {
    const [query, name, matchedBy, unverified] = row;
    const { purchases: page } = await searchPurchases(desk.dependencies, { appIds: "all", query });
    const match = page.find(({ id }) => id === purchaseOf(name).id);
    expect(match).toMatchObject({ matchedBy, unverified });
  });

  test("a charge and a payment intent, whole", async () => {
    const { chargeId, id } = purchaseOf("ada");
    const { stripePaymentIntentId } = await getPurchase(desk.dependencies, { purchaseId: id });
    expect(await found(chargeId)).toEqual(["ada"]);
    expect(await found(stripePaymentIntentId ?? "")).toEqual(["ada"]);
    expect(await found(chargeId.slice(0, -1))).toEqual([]);
  });

  test("never shows another app's purchases to a reader of one app (invariant 7)", async () => {
    expect(await found("", [one?.id ?? ""])).toEqual(["ada", "anna"]);
    expect(await found("hopper", [one?.id ?? ""])).toEqual([]);
    expect(await found(purchaseOf("grace").chargeId, [one?.id ?? ""])).toEqual([]);
    expect(await found("app:other", [one?.id ?? ""])).toEqual([]);
    expect(await found("", [])).toEqual([]);
  });
});

describe("pages", () => {
  test("show every purchase once, newest first, though all were made in one second", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await searchPurchases(desk.dependencies, { appIds: "all", limit: 1, cursor });
      expect(page.purchases).toHaveLength(1);
      seen.push(...page.purchases.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(
      Object.values(sold)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("of several words are newest first too, and go on where the page before ended", async () => {
    const ask = (cursor?: string) =>
      searchPurchases(desk.dependencies, { appIds: "all", query: "grace navy", limit: 1, cursor });
    await desk.dependencies.database
      .update(purchases)
      .set({ customerName: "Navy Grace" })
      .where(inArray(purchases.id, [purchaseOf("euro").id, purchaseOf("yen").id]));
    const first = await ask();
    const next = await ask(first.nextCursor ?? undefined);
    expect([first, next].flatMap(({ purchases: page }) => page.map(({ id }) => id))).toEqual([
      purchaseOf("euro").id,
      purchaseOf("yen").id,
    ]);
    expect(next.nextCursor).toBeNull();
  });

  test("come from an index in their order, so that the newest of a million are not sorted", async () => {
    const plan = await desk.dependencies.database.transaction(async (transaction) => {
      await transaction.execute(sql`set local enable_seqscan = off`);
      return transaction.execute(
        sql`explain select * from purchases order by purchased_at desc, id desc limit 51`,
      );
    });
    const text = JSON.stringify(plan.rows);
    expect(text).toContain("purchases_newest");
    expect(text).not.toContain("Sort");
  });

  test.each([
    { cursor: "nonsense" },
    { cursor: Buffer.from('["x","y"]').toString("base64url") },
    { limit: 0 },
    { limit: 101 },
    { query: "x".repeat(201) },
  ])("refuse %o", async (input) => {
    const search = searchPurchases(desk.dependencies, { appIds: "all", ...input });
    await expect(search).rejects.toMatchObject({ code: "invalid_input", status: 400 });
  });
});

describe("amounts", () => {
  test("left counts what is reserved and returned; refunded counts what Stripe has returned", async () => {
    const { dependencies } = desk;
    const app = await desk.app();
    const purchase = await desk.purchase({ app, amount: 10_000, paymentMethod: "pm_card_bypassPending" });
    const [agent, approver] = [await desk.operator("agent"), await desk.operator("approver")];
    const request = (amount: number) =>
      requestRefund(dependencies, {
        requester: { kind: "operator", id: agent.id },
        purchaseId: purchase.id,
        amount: { amount, currency: "eur" },
        correlationId: "cor_test",
      });
    const amounts = async () => {
      const { amountCaptured, amountLeft, amountRefunded } = await getPurchase(dependencies, {
        purchaseId: purchase.id,
      });
      return { amountCaptured, amountLeft, amountRefunded };
    };
    const first = await request(3000);
    expect(await amounts()).toEqual({ amountCaptured: 10_000, amountLeft: 7000, amountRefunded: 0 });
    await approveRefund(dependencies, {
      refundId: first.id,
      operatorId: approver.id,
      correlationId: "cor_test",
    });
    await executeRefund(dependencies, { refundId: first.id, correlationId: "cor_test" });
    await desk.advance(1);
    await request(500);
    expect(await amounts()).toEqual({ amountCaptured: 10_000, amountLeft: 6500, amountRefunded: 3000 });
    const { refunds } = await getPurchase(dependencies, { purchaseId: purchase.id });
    expect(refunds.map(({ amount, status }) => [amount, status])).toEqual([
      [500, "awaiting_approval"],
      [3000, "succeeded"],
    ]);
  });

  test("of a purchase that is not there", async () => {
    const get = getPurchase(desk.dependencies, { purchaseId: "pur_nobody" });
    await expect(get).rejects.toMatchObject({ code: "purchase_not_found", status: 404 });
  });
});

describe("customers with one address", () => {
  const [shared, lin] = ["family@example.com", "lin@example.com"];
  const buy = async (app: TestApp, customerEmail: string, ids: Partial<typeof purchases.$inferInsert>) => {
    const purchase = await desk.purchase({ app });
    await desk.dependencies.database
      .update(purchases)
      .set({ customerEmail, stripeCustomerId: null, appCustomerId: null, ...ids })
      .where(eq(purchases.id, purchase.id));
    return purchase.id;
  };
  const customerOf = async (purchaseId: string) =>
    (await getPurchase(desk.dependencies, { purchaseId })).customer;

  test("are told apart by the app's id or Stripe's, and who has neither is one more", async () => {
    const [app, other] = [await desk.app(), await desk.app()];
    const first = await buy(app, shared, { stripeCustomerId: "cus_1" });
    expect(await customerOf(first)).toEqual({
      stripeCustomerId: "cus_1",
      appCustomerId: null,
      othersWithEmail: 0,
    });
    // The same person, as the app knows: both ids stand in one purchase.
    await buy(app, "Family@Example.com", { stripeCustomerId: "cus_1", appCustomerId: "u1" });
    await buy(app, shared, { appCustomerId: "u1" });
    expect(await customerOf(first)).toMatchObject({ othersWithEmail: 0 });
    await buy(app, shared, { stripeCustomerId: "cus_2" });
    const guest = await buy(app, shared, {});
    await buy(app, shared, {});
    expect(await customerOf(first)).toMatchObject({ othersWithEmail: 2 });
    expect(await customerOf(guest)).toMatchObject({ stripeCustomerId: null, othersWithEmail: 2 });
    // Another app's customers are none of its business.
    expect(await customerOf(await buy(other, shared, {}))).toMatchObject({ othersWithEmail: 0 });
  });

  test("without an address nobody is compared", async () => {
    const app = await desk.app();
    await buy(app, lin, { stripeCustomerId: "cus_3" });
    const nameless = await buy(app, lin, { customerEmail: null });
    expect(await customerOf(nameless)).toMatchObject({ othersWithEmail: 0 });
  });
});
