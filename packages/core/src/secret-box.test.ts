import fc from "fast-check";
import { expect, test } from "vitest";
import { createSecretBox, withFingerprintKeys } from "./secret-box.ts";

const key = "k".repeat(32);
const otherKey = "o".repeat(32);

test("what is sealed opens to the same text, and never looks the same twice", () => {
  const box = createSecretBox(key);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const sealed = box.seal(text);
      expect(box.open(sealed)).toBe(text);
      expect(box.seal(text)).not.toBe(sealed);
    }),
  );
});

test("a secret at rest does not hold its clear text", () => {
  expect(createSecretBox(key).seal("whsec_clear")).not.toContain("whsec_clear");
});

test("a changed character anywhere is noticed", () => {
  const box = createSecretBox(key);
  const sealed = box.seal("whsec_clear");
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
    expect(() => box.open(changed)).toThrow();
  }
  expect(() => box.open(sealed.slice(0, 30))).toThrow();
});

test("another key does not open it, unless it is given as an older one", () => {
  const sealed = createSecretBox(key).seal("whsec_clear");
  expect(() => createSecretBox(otherKey).open(sealed)).toThrow("REDRESS_SECRET");
  const rotated = createSecretBox(otherKey, [key]);
  expect(rotated.open(sealed)).toBe("whsec_clear");
  expect(() => createSecretBox(key).open(rotated.seal("whsec_clear"))).toThrow();
});

test("a fingerprint is found again with the same key or an older one, and tells nothing without it", () => {
  const [kept] = createSecretBox(key).fingerprints("redress_agent_clear");
  expect(kept).toMatch(/^[0-9a-f]{64}$/);
  expect(createSecretBox(key).fingerprints("redress_agent_clear")).toEqual([kept]);
  expect(createSecretBox(otherKey, [key]).fingerprints("redress_agent_clear")[1]).toBe(kept);
  expect(createSecretBox(otherKey).fingerprints("redress_agent_clear")).not.toContain(kept);
  expect(createSecretBox(key).fingerprints("redress_agent_cleaR")).not.toContain(kept);
});

test("what is kept of an older key finds its fingerprints, and opens nothing", () => {
  const before = createSecretBox(key);
  const [kept] = createSecretBox(otherKey, [key]).olderFingerprintKeys;
  if (!kept) throw new Error("nothing was kept");
  const box = withFingerprintKeys(createSecretBox(otherKey), [kept]);
  expect(box.fingerprints("redress_agent_clear")[1]).toBe(before.fingerprints("redress_agent_clear")[0]);
  expect(() => box.open(before.seal("whsec_clear"))).toThrow("REDRESS_SECRET_PREVIOUS");
  expect(() => createSecretBox(kept.key).open(before.seal("whsec_clear"))).toThrow();
});
