/** How Stripe writes and limits amounts in one currency (source: docs.stripe.com/currencies). */
export interface Currency {
  /** ISO 4217, lower case as on the wire. */
  code: string;
  /** Digits after the decimal point of an API amount: 150 in `usd` (2) is 1.50, in `jpy` (0) it is 150. */
  exponent: 0 | 2 | 3;
  /** Every amount is a multiple of this: 100 for ISK and UGX, 10 for three-decimal currencies. */
  granularity: 1 | 10 | 100;
  /** Smallest charge in minor units. Refunds may be as small as one `granularity`. */
  minimumCharge: number;
  /** Largest amount in minor units. */
  maximum: number;
}

const zeroDecimal = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
const threeDecimal = new Set("bhd jod kwd omr tnd".split(" "));
/** Logically without decimals, but the API wants two decimals that are 00. */
const twoZeroes = new Set(["isk", "ugx"]);

const minimumCharges: Record<string, number> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};

const supported =
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf " +
  "chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf " +
  "idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop " +
  "mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd " +
  "scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof " +
  "xpf yer zar zmw";

function describe(code: string): Currency {
  const exponent = zeroDecimal.has(code) ? 0 : threeDecimal.has(code) ? 3 : 2;
  const granularity = twoZeroes.has(code) ? 100 : exponent === 3 ? 10 : 1;
  const digits = code === "inr" ? 9 : code === "idr" ? 12 : 8;
  return {
    code,
    exponent,
    granularity,
    minimumCharge: minimumCharges[code] ?? Math.max(50, granularity),
    maximum: 10 ** digits - 1,
  };
}

const currencies = new Map(supported.split(" ").map((code) => [code, describe(code)]));

/** The currency of that code in any case, or undefined when Stripe does not charge in it. */
export function findCurrency(code: string): Currency | undefined {
  return currencies.get(code.toLowerCase());
}

/** As `findCurrency`, for codes that have been checked already. Throws a plain Error otherwise. */
export function currencyOf(code: string): Currency {
  const currency = findCurrency(code);
  if (!currency) throw new Error(`Currency ${code} is not in the sandbox's table.`);
  return currency;
}

/** All codes the sandbox charges in, for error texts. */
export function supportedCurrencies(): string[] {
  return [...currencies.keys()];
}

const formats = new Map<string, Intl.NumberFormat>();

/** Minor units as Stripe prints them in its messages: 4000 usd → `$40.00`, 4000 jpy → `¥4,000`. */
export function displayAmount(amount: number, code: string): string {
  const { exponent, granularity } = currencyOf(code);
  const digits = granularity === 100 ? 0 : exponent;
  let format = formats.get(code);
  if (!format) {
    format = new Intl.NumberFormat("en-US", {
      style: "currency",
      currency: code.toUpperCase(),
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(code, format);
  }
  return format.format(amount / 10 ** exponent);
}
