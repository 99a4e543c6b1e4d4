import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** As for `REDRESS_SECRET`. */
const minimumLength = 32;

/**
 * The secret of an installation that was given none (never in production): made once and kept in
 * `<directory>/secret`, readable by its owner alone. Two processes that start together agree on one.
 *
 * @param directory e.g. `/srv/redress/.redress`
 */
export function keepGeneratedSecret(directory: string): string {
  const path = join(directory, "secret");
  const kept = read(path);
  if (kept !== null) return kept;
  mkdirSync(directory, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(48).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    // A link appears whole or not at all, and never over another process's secret.
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
  const secret = read(path);
  if (secret === null) throw new Error(`${path} was removed while it was made. Start Redress again.`);
  return secret;
}

function read(path: string): string | null {
  let secret: string;
  try {
    secret = readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
  if (secret.length >= minimumLength) return secret;
  throw new Error(
    `The secret in ${path} is too short to be the one that was made. Put the right file back, or remove it: then a new one is made, and apps need new notification secrets.`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
