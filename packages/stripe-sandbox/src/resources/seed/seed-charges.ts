import type { Context } from "../../context.ts";
import { badRequest } from "../../errors.ts";
import { balances, balanceTransactions, charges, customers, paymentIntents } from "../collections.ts";
import type { Customer } from "../customers/customer.ts";
import { moved } from "../money/balance.ts";
import { net } from "../money/balance-transaction.ts";
import { currentBalance } from "../money/book.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { availableOn } from "../money/fees.ts";
import { newCharge } from "../payments/new-charge.ts";
import { newPaymentIntent } from "../payments/new-payment-intent.ts";
import { paymentMovement } from "../payments/payment-movement.ts";
import { drawPerson, pick } from "./people.ts";
import { type Product, productsIn } from "./products.ts";
import { seededRandom } from "./seeded-random.ts";

export type SeedRequest = Readonly<{
  count: number;
  seed?: number | undefined;
  currencies?: readonly string[] | undefined;
  products?: readonly Product[] | undefined;
  days?: number | undefined;
}>;

const cards = ["visa", "visa", "visa", "visa_debit", "mastercard", "mastercard", "mastercard_debit", "amex"];
/** One customer in three comes back. */
const returningShare = 1 / 3;

/**
 * Writes past charges with everything that belongs to them: customer, PaymentIntent, balance transaction.
 * Oldest first, so that writing stays cheap. Answers the ids, oldest first.
 */
export function seedCharges(ctx: Context, request: SeedRequest): string[] {
  const random = seededRandom(request.seed ?? Math.floor(ctx.random() * 2 ** 32));
  const products = chooseProducts(ctx, request);
  const regulars = new Map<string, Customer[]>();
  const nets = new Map<string, Map<number, number>>();
  const first = ctx.collection(charges).size;
  const ids = drawTimes(ctx.nowSeconds(), request, random).map((created, index) => {
    const product = pick(products, random);
    const customer = drawCustomer(ctx, product.currency, created, random, regulars);
    const number = `R-${100_001 + first + index}`;
    return writeSale(ctx, { product, customer, number, created, method: pick(cards, random), nets });
  });
  for (const [currency, arrivals] of nets) {
    let balance = currentBalance(ctx, currency);
    for (const [at, amount] of arrivals) balance = moved(balance, amount, at, ctx.nowSeconds());
    ctx.collection(balances).put(balance);
  }
  return ids;
}

function chooseProducts(ctx: Context, { products, currencies }: SeedRequest): readonly Product[] {
  if (products !== undefined) {
    return products.map((product) => ({
      ...product,
      currency: checkChargeAmount(product.amount, product.currency),
    }));
  }
  const codes = (currencies ?? [ctx.accountRecord().default_currency]).map((code) => code.toLowerCase());
  if (codes.length === 0) throw badRequest("Name at least one currency.", { param: "currencies" });
  // An amount that every currency allows: only the code is checked here.
  for (const code of codes) checkChargeAmount(1_000_000, code);
  return codes.flatMap(productsIn);
}

function drawTimes(now: number, { count, days = 90 }: SeedRequest, random: () => number): number[] {
  const span = days * 86_400;
  const times = Array.from({ length: count }, () => now - 1 - Math.floor(random() * span));
  return times.sort((a, b) => a - b);
}

function drawCustomer(
  ctx: Context,
  currency: string,
  created: number,
  random: () => number,
  regulars: Map<string, Customer[]>,
): Customer {
  const known = regulars.get(currency) ?? [];
  if (known.length > 0 && random() < returningShare) return pick(known, random);
  const { name, email } = drawPerson(currency, random, ctx.collection(customers).size + 1);
  const customer = ctx.collection(customers).put({
    id: ctx.id("cus_", 14),
    created,
    name,
    email,
    phone: null,
    description: null,
    metadata: {},
  });
  known.push(customer);
  regulars.set(currency, known);
  return customer;
}

function writeSale(
  ctx: Context,
  {
    product,
    customer,
    number,
    created,
    method,
    nets,
  }: {
    product: Product;
    customer: Customer;
    number: string;
    created: number;
    method: string;
    nets: Map<string, Map<number, number>>;
  },
): string {
  const { amount, currency, name } = product;
  const metadata = { order_number: number, product: name, customer_email: customer.email ?? "" };
  const shared = {
    created,
    customer: customer.id,
    description: name,
    metadata,
    receiptEmail: customer.email,
  };
  const [charge, intent, transaction] = [ctx.id("ch_3"), ctx.id("pi_3"), ctx.id("txn_3")];
  const sale = ctx.collection(charges).put(
    newCharge(ctx, {
      ...shared,
      id: charge,
      amount,
      currency,
      method,
      statementDescriptor: null,
      amountCaptured: amount,
      captured: true,
      name: customer.name,
      email: customer.email,
      balanceTransaction: transaction,
      paymentIntent: intent,
    }),
  );
  ctx.collection(paymentIntents).put(
    newPaymentIntent(ctx, amount, currency, {
      ...shared,
      id: intent,
      status: "succeeded",
      amountReceived: amount,
      method,
      paymentMethod: sale.paymentMethod,
      latestCharge: charge,
    }),
  );
  const movement = paymentMovement(sale, availableOn(created, false));
  ctx.collection(balanceTransactions).put({ ...movement, id: transaction, created });
  const arrivals = nets.get(currency) ?? new Map<number, number>();
  arrivals.set(movement.availableOn, (arrivals.get(movement.availableOn) ?? 0) + net(movement));
  nets.set(currency, arrivals);
  return charge;
}
