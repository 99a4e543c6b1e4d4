// Amounts and currencies, against Stripe's documented behaviour.
import { describe, expect } from "vitest";
import { cardsOnly, pay } from "./payment.ts";
import { refunding } from "./refunding.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const { refund } = refunding(target);

describe("currencies", () => {
  const minimums =
    "usd 50, aed 200, aud 50, bgn 100, brl 50, cad 50, chf 50, czk 1500, dkk 250, eur 50, gbp 30, hkd 400, huf 17500, " +
    "inr 50, jpy 50, mxn 1000, myr 200, nok 300, nzd 50, pln 200, ron 200, sek 300, sgd 50, thb 1000";
  const leastOf = minimums
    .split(", ")
    .map((entry): [string, number] => [entry.slice(0, 3), Number(entry.slice(4))]);
  // Sandbox only: the real minimum follows the currency the account settles in.
  sandboxOnly.each(leastOf)(
    "4.8 %s: a charge of %d is the least, a refund may be 1",
    async (currency, least) => {
      expect(await refusal(pay(target, { amount: least - 1, currency }))).toMatchObject({
        status: 400,
        code: "amount_too_small",
      });
      const { charge } = await pay(target, { amount: least, currency });
      expect(await refund({ charge, amount: 1 })).toMatchObject({ amount: 1, currency });
    },
  );

  const zeroDecimal = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
  sandboxOnly.each(zeroDecimal)("4.8 %s has no minor unit", async (currency) => {
    const { charge } = await pay(target, { amount: 54_321, currency });
    const { message } = await refusal(refund({ charge, amount: 60_000 }));
    expect(message.replaceAll(/[,\s]/g, "")).toMatch(/60000(?!\.).*54321(?!\.)/);
    expect((await refund({ charge, amount: 321 })).amount).toBe(321);
  });

  sandboxOnly.each(["isk", "ugx"])("4.8 %s wants two decimals that are 00", async (currency) => {
    expect((await refusal(pay(target, { amount: 500_050, currency }))).status).toBe(400);
    const { charge } = await pay(target, { amount: 500_000, currency });
    expect((await refund({ charge })).amount).toBe(500_000);
  });

  sandboxOnly.each(["bhd", "jod", "kwd", "omr", "tnd"])(
    "4.8 %s has three decimals, the last 0",
    async (currency) => {
      expect((await refusal(pay(target, { amount: 10_005, currency }))).status).toBe(400);
      const { charge } = await pay(target, { amount: 10_010, currency });
      expect((await refund({ charge, amount: 1010 })).amount).toBe(1010);
    },
  );

  sandboxOnly.each(["huf", "twd"])("4.8 %s is charged with two decimals", async (currency) => {
    const { charge } = await pay(target, { amount: 54_321, currency });
    expect((await refund({ charge, amount: 21 })).amount).toBe(21);
  });

  sandboxOnly.each([
    ["usd", 99_999_999],
    ["inr", 999_999_999],
    ["idr", 999_999_999_999],
  ])("4.8 the most that can be charged in %s is %d", async (currency, most) => {
    expect(
      (
        await stripe.paymentIntents.create(
          { amount: most, currency, automatic_payment_methods: cardsOnly },
          on,
        )
      ).amount,
    ).toBe(most);
    const call = stripe.paymentIntents.create(
      { amount: most + 1, currency, automatic_payment_methods: cardsOnly },
      on,
    );
    expect(await refusal(call)).toMatchObject({ status: 400, code: "amount_too_large" });
  });
});
