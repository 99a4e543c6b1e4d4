// Refunds that Stripe refuses, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { authorize, cardsOnly, pay } from "./payment.ts";
import { refunding } from "./refunding.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const { refund, charged } = refunding(target);

describe("errors on create", () => {
  const invalid = { as: "StripeInvalidRequestError", type: "invalid_request_error" };

  test("4.5 neither charge nor payment intent → 400 without code and param", async () => {
    expect(await refusal(refund({ amount: 100 }))).toMatchObject({
      ...invalid,
      status: 400,
      code: undefined,
      param: undefined,
      message: expect.stringMatching(
        /One of the following params should be provided.*payment_intent or charge/,
      ),
    });
  });

  test("4.5 unknown charge → 404 resource_missing, param id", async () => {
    expect(await refusal(refund({ charge: "ch_x" }))).toMatchObject({
      ...invalid,
      status: 404,
      code: "resource_missing",
      param: "id",
      message: expect.stringMatching(/No such charge: 'ch_x'/),
    });
  });

  test("4.5 unknown payment intent → 404 (or 400) resource_missing, param payment_intent", async () => {
    const failure = await refusal(refund({ payment_intent: "pi_x" }));
    expect(failure).toMatchObject({
      ...invalid,
      code: "resource_missing",
      param: "payment_intent",
      message: expect.stringMatching(/No such payment_intent: 'pi_x'/),
    });
    expect([400, 404]).toContain(failure.status);
  });

  test("4.5 more than is left → 400 without code, param amount", async () => {
    const { charge } = await pay(target);
    await refund({ charge, amount: 2000 });
    expect(await refusal(refund({ charge, amount: 4000 }))).toMatchObject({
      ...invalid,
      status: 400,
      code: undefined,
      param: "amount",
      docUrl: undefined,
      message: expect.stringMatching(
        /Refund amount \(\$40\.00\) is greater than unrefunded amount on charge \(\$30\.00\)/,
      ),
    });
    expect((await charged(charge)).amount_refunded).toBe(2000);
  });

  test("4.5 nothing left → 400 charge_already_refunded without param", async () => {
    const { charge } = await pay(target);
    await refund({ charge });
    expect(await refusal(refund({ charge }))).toMatchObject({
      ...invalid,
      status: 400,
      code: "charge_already_refunded",
      param: undefined,
      docUrl: "https://stripe.com/docs/error-codes/charge-already-refunded",
      message: expect.stringMatching(new RegExp(`Charge ${charge} has already been refunded`)),
    });
  });

  test.each([
    [0, "parameter_invalid_integer", /greater than or equal to 1|Invalid positive integer/],
    [-1, "parameter_invalid_integer", /greater than or equal to 1|Invalid positive integer/],
    [10.5, "parameter_invalid_integer", /Invalid integer: 10\.5/],
    [100_000_000, "amount_too_large", /no more than \$999,999\.99/],
  ])("4.5 amount %d → 400 %s, param amount", async (amount, code, text) => {
    const { charge } = await pay(target);
    expect(await refusal(refund({ charge, amount }))).toMatchObject({
      ...invalid,
      status: 400,
      code,
      param: "amount",
      message: expect.stringMatching(text),
    });
  });

  test("4.5 bad reason → 400 without code, param reason", async () => {
    const { charge } = await pay(target);
    const answer = await target.raw("POST", "/v1/refunds", {
      account: target.account,
      body: `charge=${charge}&reason=bored`,
    });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: {
        param: "reason",
        message: expect.stringMatching(
          /Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer/,
        ),
      },
    });
    expect(answer.json).not.toHaveProperty("error.code");
  });

  test.each(["charge", "intent"] as const)(
    "4.5 uncaptured (by %s) → 400, cancel the payment intent instead",
    async (by) => {
      const held = await authorize(target);
      const params = by === "charge" ? { charge: held.charge } : { payment_intent: held.intent };
      expect(await refusal(refund(params))).toMatchObject({
        ...invalid,
        status: 400,
        code: undefined,
        message: expect.stringMatching(/cancel/i),
      });
    },
  );

  test("4.5 uncaptured legacy charge, in part → 400, param amount, capture less instead", async () => {
    const held = await stripe.charges.create(
      { amount: 5000, currency: "usd", source: "tok_visa", capture: false },
      on,
    );
    expect(await refusal(refund({ charge: held.id, amount: 1000 }))).toMatchObject({
      ...invalid,
      status: 400,
      code: undefined,
      param: "amount",
      message: expect.stringMatching(/capture/i),
    });
    expect(await charged(held.id)).toMatchObject({ captured: false, refunded: false, amount_refunded: 0 });
  });

  test("4.5 payment intent without successful charge → 400", async () => {
    const intent = await stripe.paymentIntents.create(
      { amount: 5000, currency: "usd", automatic_payment_methods: cardsOnly },
      on,
    );
    expect(await refusal(refund({ payment_intent: intent.id }))).toMatchObject({
      ...invalid,
      status: 400,
      code: undefined,
      param: undefined,
      message: expect.stringMatching(
        new RegExp(`PaymentIntent \\(${intent.id}\\) does not have a successful charge to refund`),
      ),
    });
  });

  test("4.5 a failed charge is not refundable → 400", async () => {
    const declined = await refusal(pay(target, { payment_method: "pm_card_chargeDeclined" }));
    const failed = await charged(declined.error.charge ?? "");
    expect(failed).toMatchObject({ status: "failed", paid: false });
    expect(await refusal(refund({ charge: failed.id }))).toMatchObject({ ...invalid, status: 400 });
  });

  const disputedCode = expect.stringMatching(/^(charge_disputed|refund_disputed_payment)$/);

  sandboxOnly("4.5 charged back → 400 charge_disputed", async () => {
    const { charge } = await pay(target);
    await target.admin.dispute({ account: target.account, charge });
    expect(await refusal(refund({ charge }))).toMatchObject({
      ...invalid,
      status: 400,
      code: disputedCode,
      param: undefined,
      message: expect.stringMatching(/has been charged back; cannot issue a refund/),
    });
  });

  sandboxOnly("4.5 order: charged back comes before already refunded", async () => {
    const { charge } = await pay(target);
    await refund({ charge });
    await target.admin.dispute({
      account: target.account,
      charge,
      amount: 5000,
      reason: "credit_not_processed",
    });
    expect(await refusal(refund({ charge }))).toMatchObject({ status: 400, code: disputedCode });
  });

  sandboxOnly("4.5 order: charged back comes before the amount", async () => {
    const { charge } = await pay(target);
    await target.admin.dispute({ account: target.account, charge });
    expect(await refusal(refund({ charge, amount: 6000 }))).toMatchObject({
      status: 400,
      code: disputedCode,
    });
  });

  test("4.5 order: already refunded comes before the amount", async () => {
    const { charge } = await pay(target);
    await refund({ charge });
    expect((await refusal(refund({ charge, amount: 6000 }))).code).toBe("charge_already_refunded");
  });

  test("4.5 order: uncaptured comes before the amount", async () => {
    const { charge } = await authorize(target);
    const failure = await refusal(refund({ charge, amount: 6000 }));
    expect(failure).toMatchObject({
      status: 400,
      message: expect.not.stringMatching(/greater than unrefunded/),
    });
  });

  test("4.5 no access to the account → 403 account_invalid", async () => {
    const call = stripe.refunds.create({ charge: "ch_x" }, { stripeAccount: "acct_1NeverExisted000" });
    expect(await refusal(call)).toMatchObject({
      as: "StripePermissionError",
      status: 403,
      code: "account_invalid",
    });
  });

  test("4.5 pending refunds count against what is left", async () => {
    const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
    expect((await refund({ charge, amount: 4000 })).status).toBe("pending");
    expect(await refusal(refund({ charge, amount: 2000 }))).toMatchObject({ status: 400, param: "amount" });
    expect((await refund({ charge, amount: 1000 })).amount).toBe(1000);
    expect((await refusal(refund({ charge, amount: 1 }))).status).toBe(400);
  });
});
