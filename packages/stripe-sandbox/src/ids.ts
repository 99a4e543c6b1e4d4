const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PAIRS = [...ALPHABET].flatMap((first) => [...ALPHABET].map((second) => first + second));

const LETTERS_PER_DRAW = 5;

/** 62^5 just fits in 32 bits. Pairs come from a table: ids are drawn by the hundred thousand when seeding. */
function fiveLetters(draw: number): string {
  const [first, second] = [draw % PAIRS.length, Math.floor(draw / PAIRS.length) % PAIRS.length];
  const last = Math.floor(draw / PAIRS.length ** 2) % ALPHABET.length;
  return `${PAIRS[first]}${PAIRS[second]}${ALPHABET[last]}`;
}

/** FNV-1a: spreads any text over 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/**
 * A seeded stream of random numbers and ids (generator: sfc32). The same seed draws the same sequence.
 * These are test ids and keys of a sandbox: unpredictability is not wanted.
 */
export class IdGenerator {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#a = hash(`${seed}/a`);
    this.#b = hash(`${seed}/b`);
    this.#c = hash(`${seed}/c`);
    for (let round = 0; round < 12; round += 1) this.#draw();
  }

  #draw(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  random(): number {
    return this.#draw() / 2 ** 32;
  }

  /** The prefix and `length` alphanumerics. */
  id(prefix: string, length = 24): string {
    let letters = "";
    for (let left = length; left > 0; left -= LETTERS_PER_DRAW) {
      letters += fiveLetters(this.#draw()).slice(0, left);
    }
    return prefix + letters;
  }

  /** A new array in seeded random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const pick = Math.floor(this.random() * (last + 1));
      const [held] = shuffled.splice(pick, 1);
      if (held !== undefined) shuffled.splice(last, 0, held);
    }
    return shuffled;
  }
}
