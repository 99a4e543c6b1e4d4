import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { keepGeneratedSecret } from "./generated-secret.ts";

const directory = mkdtempSync(join(tmpdir(), "redress-secret-"));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a generated secret is long, stays the same, and only its owner reads it", () => {
  const home = join(directory, "home");
  const secret = keepGeneratedSecret(home);
  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(keepGeneratedSecret(home)).toBe(secret);
  expect(statSync(join(home, "secret")).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual(["secret"]);
});

test("a secret file that was cut short is refused: an empty secret would let anybody sign sessions", () => {
  const home = join(directory, "cut");
  keepGeneratedSecret(home);
  writeFileSync(join(home, "secret"), "\n");
  expect(() => keepGeneratedSecret(home)).toThrow(/too short.*Put the right file back/);
});
