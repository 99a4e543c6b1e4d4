import { currencyOf } from "../money/currencies.ts";

/** Something sold online: `amount` in minor units of `currency`. */
export interface Product {
  name: string;
  amount: number;
  currency: string;
}

/** Name and price in whole US dollars. */
const catalogue: readonly (readonly [name: string, dollars: number])[] = [
  ["TypeScript for Working Teams (video course)", 249],
  ["PostgreSQL Internals (video course)", 199],
  ["Distributed Systems, a Live Workshop (2 days)", 590],
  ["Accessible React (live workshop)", 320],
  ["Designing Type Systems (e-book)", 39],
  ["The Quiet Art of Code Review (e-book)", 29],
  ["SQL in Ninety Katas (e-book + exercises)", 45],
  ["Rust by Rewriting (video course)", 179],
  ["Incident Response Simulator (team licence)", 890],
  ["Office Hours, five seats", 150],
  ["Testing in Production (recorded workshop)", 120],
  ["Shell Recipes (e-book)", 19],
];

/** What one US dollar is worth, roughly; prices are lists, not exchange. Others count as one. */
const perDollar: Record<string, number> = {
  jpy: 150,
  kwd: 0.31,
  bhd: 0.38,
  omr: 0.38,
  jod: 0.71,
  tnd: 3.1,
  isk: 138,
  huf: 360,
  inr: 84,
  krw: 1370,
  clp: 940,
  vnd: 25_000,
  ugx: 3700,
  sek: 10.5,
  nok: 10.8,
  dkk: 6.9,
  czk: 23,
  pln: 4,
  mxn: 19,
  brl: 5.6,
  hkd: 7.8,
  thb: 35,
  aed: 3.7,
  gbp: 0.8,
  eur: 0.95,
};

/** The catalogue priced in that currency, rounded as a shop would, within Stripe's limits. */
export function productsIn(code: string): Product[] {
  const { exponent, granularity, maximum, minimumCharge } = currencyOf(code);
  const unit = Math.max(granularity, 10 ** exponent);
  return catalogue.map(([name, dollars]) => {
    const whole = Math.max(1, Math.round(dollars * (perDollar[code] ?? 1)));
    const rounded = whole >= 1000 ? Math.round(whole / 100) * 100 : whole;
    const largest = maximum - (maximum % unit);
    return { name, amount: Math.min(Math.max(rounded * unit, minimumCharge), largest), currency: code };
  });
}
