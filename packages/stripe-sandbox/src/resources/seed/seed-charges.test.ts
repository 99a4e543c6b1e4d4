import { expect, test } from "vitest";
import { balanceTransactions, charges, customers, paymentIntents } from "../collections.ts";
import { pendingAmount } from "../money/balance.ts";
import { net } from "../money/balance-transaction.ts";
import { currentBalance } from "../money/book.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { supportedCurrencies } from "../money/currencies.ts";
import { openMerchant } from "../testing/merchant.ts";
import { productsIn } from "./products.ts";
import { seedCharges } from "./seed-charges.ts";

const currencies = ["usd", "eur", "jpy", "kwd", "isk", "huf"];

function sales(seed: number) {
  const merchant = openMerchant({ seed: 1 });
  merchant.work((ctx) => seedCharges(ctx, { count: 300, seed, currencies, days: 30 }));
  const all = merchant.work((ctx) => ctx.collection(charges).all());
  return { merchant, all };
}

// Guards: the catalogue has a price in every currency that a charge of that currency may have.
test("every product can be charged in every currency", () => {
  for (const code of supportedCurrencies()) {
    for (const { amount } of productsIn(code)) expect(checkChargeAmount(amount, code)).toBe(code);
  }
});

// Guards: a demo or a benchmark can be repeated exactly.
test("the same seed makes the same sales", () => {
  const facts = (seed: number) =>
    sales(seed).all.map(({ name, email, amount, currency, created }) => [
      name,
      email,
      amount,
      currency,
      created,
    ]);
  expect(facts(7)).toEqual(facts(7));
  expect(facts(7)).not.toEqual(facts(8));
});

// Guards: seeded charges hang together like charges made through the API, and are spread over the past.
test("a seeded sale has its customer, its PaymentIntent and its money, and no webhooks", () => {
  const { merchant, all } = sales(3);
  expect(merchant.events).toEqual([]);
  expect(all).toHaveLength(300);
  expect(new Set(all.map(({ metadata }) => metadata.order_number)).size).toBe(300);
  expect(new Set(all.map(({ currency }) => currency))).toEqual(new Set(currencies));
  merchant.work((ctx) => {
    for (const charge of all) {
      const age = ctx.nowSeconds() - charge.created;
      expect(age).toBeGreaterThan(0);
      expect(age).toBeLessThanOrEqual(30 * 86_400);
      expect(ctx.collection(customers).get(charge.customer ?? "")?.email).toBe(
        charge.metadata.customer_email,
      );
      expect(ctx.collection(paymentIntents).get(charge.paymentIntent ?? "")?.latestCharge).toBe(charge.id);
      const movement = ctx.collection(balanceTransactions).get(charge.balanceTransaction ?? "");
      expect(movement?.source).toBe(charge.id);
    }
    for (const currency of currencies) {
      const movements = ctx.collection(balanceTransactions).all();
      const sum = movements
        .filter((one) => one.currency === currency)
        .reduce((total, one) => total + net(one), 0);
      const balance = currentBalance(ctx, currency);
      expect(balance.available + pendingAmount(balance)).toBe(sum);
    }
  });
});
