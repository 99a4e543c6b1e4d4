/** Something that no log may hold, and where it stands. */
export interface Finding {
  readonly kind: string;
  /** The first characters: enough to find it, and no more. */
  readonly begins: string;
}

/** Shapes of secrets; of Stripe's the parts that are secret, not publishable keys or ids. */
const shapes: Readonly<Record<string, RegExp>> = {
  "Stripe key": /\b[sr]k_(?:test|live)_\w{8,}/g,
  "webhook secret": /\bwhsec_[\w+/=]{8,}/g,
  "session cookie": /\bsession_token=[^;\s"\\]{8,}/g,
  // But for the sentence that tells how a key is sent.
  "bearer token": /\b[Bb]earer (?!redress_agent_…)[\w.~+/=-]{8,}/g,
  "password in an address": /\b[a-z]+:\/\/[^\s/:@"\\]+:[^\s/@"\\*]+@/g,
  "private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
};

/** The numbers that issuers give out begin like this; a moment in milliseconds or an amount does not. */
const issuers = [
  /^4(\d{12}|\d{15}|\d{18})$/,
  /^(5[1-5]\d{14}|2(2[2-9]|[3-6]\d|7[01])\d{13}|2221\d{12}|2720\d{12})$/,
  /^3[47]\d{13}$/,
  /^3(0[0-5]|[68]\d)\d{11}$/,
  /^(6011|65\d\d|64[4-9]\d)\d{12}$/,
];
/** Whole numbers alone: not a part of an id, of a fraction or of a longer number. */
const numbers = /(?<![\w.])(?:\d[ -]?){12,18}\d(?![\w.]\d|\w)/g;

/**
 * Searches a text.
 *
 * @param known secrets that have no shape, such as a password
 */
export function findSecrets(text: string, known: readonly string[] = []): Finding[] {
  const shaped = Object.entries(shapes).flatMap(([kind, shape]) =>
    [...text.matchAll(shape)].map(([found]) => ({ kind, begins: found.slice(0, 12) })),
  );
  const given = known
    .filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
    .map((secret) => ({ kind: "known secret", begins: secret.slice(0, 4) }));
  const cards = [...text.matchAll(numbers)]
    .map(([found]) => found.replace(/[ -]/g, ""))
    .filter((digits) => issuers.some((issuer) => issuer.test(digits)) && isLuhn(digits))
    .map((digits) => ({ kind: "card number", begins: digits.slice(0, 4) }));
  return [...shaped, ...given, ...cards];
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
