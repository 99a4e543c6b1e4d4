import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../context.ts";
import { SandboxError } from "../../errors.ts";
import { balances, balanceTransactions, charges, disputes, refunds } from "../collections.ts";
import { isClosed, isInquiry } from "../disputes/dispute.ts";
import { closeDispute, escalate, raiseDispute } from "../disputes/raise-dispute.ts";
import { pendingAmount } from "../money/balance.ts";
import { net } from "../money/balance-transaction.ts";
import { book, currentBalance } from "../money/book.ts";
import { captureCharge, takePayment } from "../payments/take-payment.ts";
import { type Merchant, openMerchant } from "../testing/merchant.ts";
import { createRefund } from "./create-refund.ts";
import { fail, payWaitingRefunds, requireAction, sendOut, succeed } from "./move-refund.ts";
import { formatRefund } from "./refund.ts";
import { canMove, isDead, liveAmount, refundedAmount, refundStatuses } from "./refund-status.ts";

const methods = [
  "visa",
  "bypassPending",
  "refundFail",
  "pendingRefund",
  "createDisputeInquiry",
  "pm_usBankAccount_success",
  "pm_sandbox_konbini",
] as const;

/** Which of those that exist, by its place modulo their number. */
const which = fc.nat({ max: 11 });
const stepArbitrary = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("charge" as const),
      method: fc.constantFrom(...methods),
      amount: fc.integer({ min: 50, max: 9000 }),
      currency: fc.constantFrom("eur", "jpy"),
      capture: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("refund" as const),
      charge: which,
      amount: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      refund: which,
      to: fc.constantFrom(...refundStatuses),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("capture" as const), charge: which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("dispute" as const), charge: which, inquiry: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("verdict" as const), dispute: which, won: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("balance" as const),
      available: fc.integer({ min: -2000, max: 20_000 }),
      currency: fc.constantFrom("eur", "jpy"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 5, 60, 86_400 * 3),
    }),
  },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

function take(merchant: Merchant, step: Step): void {
  if (step.do === "wait") merchant.advance(step.seconds * 1000);
  else merchant.work((ctx) => perform(ctx, step));
}

function perform(ctx: Context, step: Exclude<Step, { do: "wait" }>): void {
  switch (step.do) {
    case "charge": {
      const { amount, capture, currency, method } = step;
      takePayment(ctx, {
        ...{
          amount,
          capture,
          currency,
          method,
          legacy: true,
          metadata: {},
          email: "a@example.com",
          name: null,
        },
        ...{
          application: null,
          applicationFeeAmount: null,
          customer: null,
          description: null,
          shipping: null,
        },
        ...{ paymentIntent: null, receiptEmail: null, statementDescriptor: null, transferGroup: null },
        statementDescriptorSuffix: null,
      });
      return;
    }
    case "refund": {
      const charge = at(ctx.collection(charges).all(), step.charge);
      if (charge) createRefund(ctx, { charge: charge.id, amount: step.amount, metadata: {} });
      return;
    }
    case "advance": {
      const refund = at(ctx.collection(refunds).all(), step.refund);
      if (!refund || !canMove(refund.status, step.to)) return;
      if (step.to === "succeeded") succeed(ctx, refund);
      else if (step.to === "pending") sendOut(ctx, refund);
      else if (step.to === "requires_action") requireAction(ctx, refund);
      else fail(ctx, refund, step.to, "unknown");
      return;
    }
    case "capture": {
      const charge = at(ctx.collection(charges).all(), step.charge);
      if (charge && !charge.captured && !charge.released)
        captureCharge(ctx, charge, Math.ceil(charge.amount / 2));
      return;
    }
    case "dispute": {
      const charge = at(ctx.collection(charges).all(), step.charge);
      if (!charge?.captured) return;
      const earlier = charge.dispute === null ? undefined : ctx.collection(disputes).get(charge.dispute);
      if (!earlier) {
        const { inquiry } = step;
        raiseDispute(ctx, charge, { inquiry, reason: "fraudulent", amount: charge.amountCaptured });
      } else if (isInquiry(earlier.status) && !isClosed(earlier.status)) escalate(ctx, earlier);
      return;
    }
    case "verdict": {
      const dispute = at(ctx.collection(disputes).all(), step.dispute);
      if (!dispute || isClosed(dispute.status)) return;
      const verdict = isInquiry(dispute.status) ? "warning_closed" : step.won ? "won" : "lost";
      closeDispute(ctx, dispute, verdict);
      return;
    }
    case "balance": {
      const { available, currency } = step;
      const movement = { currency, availableOn: ctx.nowSeconds(), description: null, source: null };
      const amount = available - currentBalance(ctx, currency).available;
      book(ctx, { ...movement, amount, type: "topup", reportingCategory: "topup" });
      ctx.collection(balances).put({ ...currentBalance(ctx, currency), coveredByBank: false });
      payWaitingRefunds(ctx, currency);
    }
  }
}

function at<T>(items: T[], place: number): T | undefined {
  return items.length === 0 ? undefined : items[place % items.length];
}

function checkLedger(ctx: Context): void {
  const all = ctx.collection(balanceTransactions).all();
  for (const currency of ["eur", "jpy"]) {
    const sum = all
      .filter((movement) => movement.currency === currency)
      .reduce((total, one) => total + net(one), 0);
    const balance = currentBalance(ctx, currency);
    expect(balance.available + pendingAmount(balance)).toBe(sum);
  }
  for (const refund of ctx.collection(refunds).all()) {
    const moved = all
      .filter(({ source }) => source === refund.id)
      .reduce((total, { amount }) => total + amount, 0);
    const uncaptured = refund.destination === "card_reversal";
    if (refund.status === "succeeded" && !uncaptured) expect(moved).toBe(-refund.amount);
    if (isDead(refund.status)) expect(moved).toBe(0);
    if (refund.pendingReason === "insufficient_funds") expect(moved).toBe(0);
  }
}

function checkCharges(ctx: Context, pendingRaises: boolean): void {
  for (const charge of ctx.collection(charges).all()) {
    const made = ctx.collection(refunds).where("charge", charge.id);
    const held = charge.captured ? charge.amountCaptured : charge.amount;
    expect(liveAmount(made)).toBeLessThanOrEqual(held);
    expect(charge.amountRefunded).toBe(refundedAmount(made, pendingRaises));
  }
}

/** What was told by events is what is stored, and every step told is a legal one. */
function checkEvents(ctx: Context, { events }: Merchant): void {
  for (const refund of ctx.collection(refunds).all()) {
    const told = events.filter(({ object }) => object.id === refund.id);
    expect(told[0]?.type).toBe("refund.created");
    expect(told.at(-1)?.object).toEqual(JSON.parse(JSON.stringify(formatRefund(refund))));
    const statuses = told.map(({ object }) => refundStatuses.find((status) => status === object.status));
    statuses.reduce((from, to) => {
      if (from && to && from !== to) expect(canMove(from, to)).toBe(true);
      return to;
    });
  }
}

// Guards: money is neither made nor lost, a charge never gives back more than it took, refunds move only along
// the status machine, and events tell the whole story, whatever is done in whatever order.
test.each([true, false])("any sequence keeps the books (pending counts as refunded: %s)", (pendingRaises) => {
  fc.assert(
    fc.property(fc.nat(), fc.array(stepArbitrary, { maxLength: 40, size: "max" }), (seed, steps) => {
      const merchant = openMerchant({ seed, pendingRaises });
      for (const step of steps) {
        try {
          take(merchant, step);
        } catch (error) {
          if (!(error instanceof SandboxError)) throw error;
        }
        merchant.work((ctx) => {
          checkLedger(ctx);
          checkCharges(ctx, pendingRaises);
        });
      }
      merchant.work((ctx) => checkEvents(ctx, merchant));
    }),
    { numRuns: 500 },
  );
});

// Guards: refunds that waited for balance go out by themselves when enough money has come, oldest first.
test("every refund that waits for balance is paid once the balance allows", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 50, max: 900 }), { minLength: 1, maxLength: 8 }), (amounts) => {
      const merchant = openMerchant({ seed: 1 });
      const charge = { do: "charge", method: "visa", currency: "eur", capture: true } as const;
      for (const amount of amounts) take(merchant, { ...charge, amount });
      take(merchant, { do: "balance", available: 0, currency: "eur" });
      const statuses = () =>
        merchant.work((ctx) =>
          ctx
            .collection(refunds)
            .all()
            .map(({ status }) => status),
        );
      for (const index of amounts.keys()) take(merchant, { do: "refund", charge: index, amount: undefined });
      expect(new Set(statuses())).toEqual(new Set(["pending"]));
      take(merchant, { do: "balance", available: amounts.reduce((a, b) => a + b), currency: "eur" });
      expect(new Set(statuses())).toEqual(new Set(["succeeded"]));
    }),
  );
});

// Guards: money that matures by time alone is enough, without anybody asking.
test("a refund that waits for balance is paid when earlier payments settle", () => {
  const merchant = openMerchant({ seed: 1 });
  const charge = { do: "charge", method: "visa", currency: "eur", capture: true } as const;
  take(merchant, { ...charge, amount: 9000 });
  take(merchant, { do: "balance", available: 0, currency: "eur" });
  take(merchant, { do: "refund", charge: 0, amount: 1000 });
  const status = () => merchant.work((ctx) => ctx.collection(refunds).all()[0]?.status);
  expect(status()).toBe("pending");
  take(merchant, { do: "wait", seconds: 86_400 * 3 });
  expect(status()).toBe("succeeded");
});
