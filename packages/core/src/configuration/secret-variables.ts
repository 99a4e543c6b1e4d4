import { z } from "zod";
import type { Variables } from "./variables.ts";

const present = "REDRESS_SECRET";
const previous = "REDRESS_SECRET_PREVIOUS";
const advice = "Make one with: openssl rand -base64 48. It seals stored secrets and signs sessions.";
const secret = z.string().min(32);
const list = z
  .string()
  .transform((text) => text.split(",").map((one) => one.trim()))
  .pipe(z.array(secret));

/**
 * The desk's own secret, and those before it: what was made with one of them still opens.
 *
 * @returns `secret` null when it is unset, or wrong and reported
 */
export function readSecrets(
  variables: Variables,
  production: boolean,
): { secret: string | null; previousSecrets: readonly string[] } {
  if (production && !variables.isSet(present)) variables.report(present, `It is missing. ${advice}`);
  const now = variables.read(present, secret, `It is shorter than 32 characters. ${advice}`);
  const before = variables.read(
    previous,
    list,
    "It must be the secrets that REDRESS_SECRET had before, as they were, each of at least 32 characters; several are separated by commas, the newest first.",
  );
  if (before !== null && now !== null && before.includes(now)) {
    variables.report(
      previous,
      "It holds the present REDRESS_SECRET. It takes the ones before it only: remove the present one.",
    );
  }
  if (before !== null && new Set(before).size < before.length) {
    variables.report(previous, "It holds the same secret twice. Remove one of them.");
  }
  return { secret: now, previousSecrets: before ?? [] };
}
