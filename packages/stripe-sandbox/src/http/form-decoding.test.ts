import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalForm, decodeForm } from "./form-decoding.ts";
import type { FormValue } from "./params.ts";

/** Guarantee: whatever the SDK or curl can send arrives as it was meant. */

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const value: fc.Arbitrary<FormValue> = fc.letrec<{ value: FormValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 3 }),
  ),
})).value;

/** As the SDK encodes: brackets and indexes in the names; `brackets` tells how brackets are written. */
function encode(form: Record<string, FormValue>, brackets: "literal" | "encoded", append = false): string[] {
  const [open, close] = brackets === "literal" ? ["[", "]"] : ["%5B", "%5D"];
  const walk = (key: string, item: FormValue): string[] => {
    if (typeof item === "string") return [`${key}=${encodeURIComponent(item)}`];
    const isFlat = Array.isArray(item) && item.every((entry) => typeof entry === "string");
    return Object.entries(item).flatMap(([inner, entry]) =>
      walk(`${key}${open}${append && isFlat ? "" : inner}${close}`, entry),
    );
  };
  return Object.entries(form).flatMap(([key, item]) => walk(key, item));
}

/** Lone surrogates cannot be encoded; names of hashes that look like indexes are arrays. */
const form = fc.dictionary(name, value, { maxKeys: 4 }).filter((hash) => {
  try {
    encode(hash, "literal");
    return depth(hash) < 9;
  } catch {
    return false;
  }
});

function depth(item: FormValue): number {
  return typeof item === "string" ? 0 : 1 + Math.max(0, ...Object.values(item).map(depth));
}

describe("decodeForm", () => {
  test("reads back nested, indexed, appended and percent-encoded names", () => {
    fc.assert(
      fc.property(
        form,
        fc.constantFrom("literal" as const, "encoded" as const),
        fc.boolean(),
        (hash, how, append) => {
          expect(decodeForm(encode(hash, how, append).join("&"))).toEqual(hash);
        },
      ),
    );
  });

  test("the order of parameters does not change what an idempotency key compares", () => {
    fc.assert(
      fc.property(form, fc.infiniteStream(fc.nat()), (hash, picks) => {
        const pairs = encode(hash, "literal");
        const shuffled: string[] = [];
        for (const pair of pairs) {
          const pick = Number(picks.next().value) % (shuffled.length + 1);
          shuffled.splice(pick, 0, pair);
        }
        expect(canonicalForm(decodeForm(shuffled.join("&")))).toBe(canonicalForm(hash));
      }),
    );
  });

  test.each([
    ["a=1&a=2", { a: "2" }],
    ["a=", { a: "" }],
    ["expand[]=x&expand[]=y", { expand: ["x", "y"] }],
    ["expand%5B1%5D=y&expand%5B0%5D=x", { expand: ["x", "y"] }],
    ["metadata[a+b]=c+d", { metadata: { "a b": "c d" } }],
    ["__proto__[polluted]=1", JSON.parse('{"__proto__":{"polluted":"1"}}')],
    ["", {}],
  ])("%s", (text, expected) => {
    const decoded = decodeForm(text);
    expect(decoded).toEqual(expected);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });

  test.each(["a=1&a[b]=2", `a${"[b]".repeat(12)}=1`])("%s is refused", (text) => {
    expect(() => decodeForm(text)).toThrow(/Invalid a/);
  });
});
