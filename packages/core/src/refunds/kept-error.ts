import type { AttemptRow } from "./refund-row.ts";

/**
 * Whether Stripe answered the last call from its memory with a 500, and a look-up after it found nothing:
 * asking under this key tells nothing new for a day (Stripe: idempotent requests).
 *
 * @param attempts of the refund's present key, oldest first
 */
export function isErrorKept(
  attempts: readonly Pick<AttemptRow, "kind" | "outcome" | "replayed" | "httpStatus" | "errorCode">[],
): boolean {
  const lastCreate = attempts.findLast(({ kind }) => kind === "create");
  const last = attempts.at(-1);
  return (
    lastCreate?.outcome === "unknown" &&
    lastCreate.replayed &&
    (lastCreate.httpStatus ?? 0) >= 500 &&
    last?.kind === "look_up" &&
    last.errorCode === "nothing_found"
  );
}
