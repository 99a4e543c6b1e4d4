import { amountStep } from "@redress/core/money";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmount, parseAmountOrShare, writeAmount } from "./parse-amount.ts";

describe("amounts that people type", () => {
  it("reads back exactly what it writes, in every kind of currency", () => {
    const currency = fc.constantFrom("eur", "usd", "jpy", "kwd", "isk", "ugx");
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: 99_999_999 }), (code, steps) => {
        const amount = steps * amountStep(code);
        expect(parseAmount(writeAmount({ amount, currency: code }), code)).toBe(amount);
      }),
    );
  });

  it("takes one decimal mark, a point or a comma", () => {
    expect(parseAmount(" 12,5 ", "eur")).toBe(1250);
    expect(parseAmount("12", "eur")).toBe(1200);
  });

  it("says how many decimals the currency has when there are too many", () => {
    expect(() => parseAmount("1.005", "usd")).toThrow(/USD has up to 2 decimals/);
    expect(() => parseAmount("12.5", "jpy")).toThrow(/JPY has no decimals.*like 1250/);
  });

  it.each([
    ["1,234.50", "eur"],
    ["1.234", "eur"],
    ["0", "eur"],
    ["-5", "eur"],
    ["", "eur"],
    ["12.5", "jpy"],
    ["1.50", "isk"],
    ["1e3", "eur"],
    ["1.2345", "kwd"],
    ["1,500", "kwd"],
  ])("refuses %j in %s rather than guess", (text, currency) => {
    expect(() => parseAmount(text, currency)).toThrow(expect.objectContaining({ code: "amount_invalid" }));
  });
});

describe("shares that people type", () => {
  it("are a step that Stripe takes, and parts of a whole never make more than the whole", () => {
    const currency = fc.constantFrom("eur", "jpy", "kwd", "isk");
    const cents = fc.integer({ min: 1, max: 9_999 });
    fc.assert(
      fc.property(currency, fc.integer({ min: 10_000, max: 99_999_999 }), cents, (code, paid, hundredths) => {
        const of = paid * amountStep(code);
        const part = (share: number) =>
          parseAmountOrShare(`${(share / 100).toFixed(2)}%`, { of, currency: code });
        const [one, other] = [part(hundredths), part(10_000 - hundredths)];
        expect(one % amountStep(code)).toBe(0);
        expect(one + other).toBeLessThanOrEqual(of);
        expect(of - one - other).toBeLessThanOrEqual(2 * amountStep(code));
      }),
    );
  });

  it.each([
    ["50%", 4_900, 2_450],
    ["100 %", 4_900, 4_900],
    ["12,5%", 4_900, 612],
    ["24.50", 4_900, 2_450],
  ])("%s of %d is %d", (text, of, amount) => {
    expect(parseAmountOrShare(text, { of, currency: "eur" })).toBe(amount);
  });

  it.each(["0%", "101%", "-5%", "%", "1.234%", "50 % off"])("refuses %j", (text) => {
    const read = () => parseAmountOrShare(text, { of: 4_900, currency: "eur" });
    expect(read).toThrow(expect.objectContaining({ code: "amount_invalid" }));
  });
});
