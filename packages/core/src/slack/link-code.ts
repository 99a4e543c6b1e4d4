import type { Random } from "../dependencies.ts";

/** Crockford's base 32: no letter in it is taken for a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const groups = 3;
const groupLength = 4;

/** A code such as `7K3M-Q2ZD-0XJA`: 60 bits of chance, to be typed within minutes. */
export function newLinkCode(random: Random): string {
  // 256 = 8 × 32: each character is equally likely.
  const text = [...random.bytes(groups * groupLength)].map((byte) => alphabet[byte % 32]).join("");
  return text.match(/.{4}/g)?.join("-") ?? text;
}

/** As it was made, however it was typed. */
export function normalizeLinkCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
    .replace(/[^0-9A-Z]/g, "");
}
