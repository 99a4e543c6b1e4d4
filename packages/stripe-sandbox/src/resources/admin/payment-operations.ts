import { z } from "zod";
import { defineAdminOperation } from "../../admin/operation.ts";
import { badRequest } from "../../errors.ts";
import { balances, charges, customers, paymentIntents } from "../collections.ts";
import { formatCustomer } from "../customers/customer.ts";
import { book, currentBalance } from "../money/book.ts";
import { checkChargeAmount } from "../money/check-charge-amount.ts";
import { findCurrency } from "../money/currencies.ts";
import { formatCharge } from "../payments/charge.ts";
import { newPaymentIntent } from "../payments/new-payment-intent.ts";
import { formatPaymentIntent } from "../payments/payment-intent.ts";
import { confirmIntent } from "../payments/payment-intent-actions.ts";
import { paymentMethodKey } from "../payments/payment-source.ts";
import { testPaymentMethod } from "../payments/test-payment-methods.ts";
import { payWaitingRefunds } from "../refunds/move-refund.ts";
import { seedCharges } from "../seed/seed-charges.ts";

/** Pays money in or out until `available` is what was asked for; from then on no bank covers a shortfall. */
export const setBalance = defineAdminOperation({
  method: "POST",
  path: "/accounts/:id/balance",
  body: z.strictObject({ available: z.int(), currency: z.string() }),
  run: (admin, { available, currency: code }, id) => {
    const ctx = admin.account(id);
    const currency = findCurrency(code)?.code;
    if (currency === undefined) throw badRequest(`Invalid currency: ${code}`, { param: "currency" });
    const difference = available - currentBalance(ctx, currency).available;
    if (difference !== 0) {
      book(ctx, {
        amount: difference,
        currency,
        availableOn: ctx.nowSeconds(),
        type: difference > 0 ? "topup" : "payout",
        reportingCategory: difference > 0 ? "topup" : "payout",
        description: difference > 0 ? "Top-up" : "STRIPE PAYOUT",
        source: null,
      });
    }
    ctx.collection(balances).put({ ...currentBalance(ctx, currency), coveredByBank: false });
    payWaitingRefunds(ctx, currency);
    return {};
  },
});

export const seed = defineAdminOperation({
  method: "POST",
  path: "/seed",
  body: z.strictObject({
    account: z.string(),
    count: z.int().min(0).max(1_000_000),
    seed: z.int().optional(),
    currencies: z.array(z.string()).optional(),
    products: z
      .array(z.strictObject({ name: z.string(), amount: z.int().positive(), currency: z.string() }))
      .min(1)
      .optional(),
    days: z.number().positive().optional(),
  }),
  run: (admin, { account, ...request }) => ({
    charges: seedCharges(admin.account(account, { silent: true }), request),
  }),
});

/** A charge as a confirmed PaymentIntent leaves it, with a customer when a name or an e-mail is given. */
export const createCharge = defineAdminOperation({
  method: "POST",
  path: "/charges",
  body: z.strictObject({
    account: z.string(),
    amount: z.int().positive(),
    currency: z.string(),
    payment_method: z.string().optional(),
    description: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    customer_email: z.string().optional(),
    customer_name: z.string().optional(),
    silent: z.boolean().optional(),
  }),
  run: (admin, body) => {
    const ctx = admin.account(body.account, { silent: body.silent ?? false });
    const currency = checkChargeAmount(body.amount, body.currency);
    const method = paymentMethodKey(body.payment_method ?? "pm_card_visa", undefined) ?? "visa";
    const [name, email] = [body.customer_name ?? null, body.customer_email ?? null];
    const created = ctx.nowSeconds();
    const customer =
      name === null && email === null
        ? null
        : ctx.collection(customers).put({
            id: ctx.id("cus_", 14),
            created,
            name,
            email,
            phone: null,
            description: null,
            metadata: {},
          });
    if (customer) ctx.emit("customer.created", formatCustomer(customer));
    const intent = ctx.collection(paymentIntents).put(
      newPaymentIntent(ctx, body.amount, currency, {
        status: "requires_confirmation",
        method,
        paymentMethodTypes: [testPaymentMethod(method).type],
        customer: customer?.id ?? null,
        name,
        email,
        receiptEmail: email,
        description: body.description ?? null,
        metadata: body.metadata ?? {},
      }),
    );
    ctx.emit("payment_intent.created", formatPaymentIntent(intent));
    const { latestCharge } = confirmIntent(ctx, intent);
    const charge = latestCharge === null ? undefined : ctx.collection(charges).get(latestCharge);
    if (!charge) throw new Error(`PaymentIntent ${intent.id} was confirmed without a charge.`);
    return formatCharge(charge);
  },
});
