import { crc32 } from "node:zlib";
import type { Random } from "../dependencies.ts";

/** Names the desk and the kind of key, so that whoever finds one (a scanner, a person) knows what it is. */
const start = "redress_agent_";
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomLength = 43;
const checksumLength = 6;
/** How much of the random part people see, to tell secrets apart. */
const shownLength = 6;

/**
 * A new secret: `redress_agent_`, 43 characters of chance (256 bits) and their checksum in 6. A scanner finds it as
 * `redress_agent_[0-9A-Za-z]{49}` and knows by the checksum that it is one.
 */
export function newKeySecret(random: Random): string {
  let text = "";
  while (text.length < randomLength) {
    // 248 = 4 × 62: bytes above it are dropped so that each character is equally likely.
    for (const byte of random.bytes(64)) {
      if (byte < 248 && text.length < randomLength) text += alphabet[byte % 62];
    }
  }
  return `${start}${text}${checksumOf(text)}`;
}

/** Whether a text has the form of a secret and a right checksum: what was cut short or mistyped is none. */
export function isKeySecret(text: string): boolean {
  const [, random = "", checksum] = /^redress_agent_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(text) ?? [];
  return checksum === checksumOf(random);
}

/** What is shown of a secret, e.g. `redress_agent_4xK9aB`. */
export function shownPart(secret: string): string {
  return secret.slice(0, start.length + shownLength);
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let at = 0; at < checksumLength; at++) {
    digits = `${alphabet[rest % 62]}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
