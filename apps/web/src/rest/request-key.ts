import { RedressError } from "@redress/core/errors";

/** Stripe takes keys up to 255 characters; ours is never sent there, but longer ones are a mistake. */
const maximumKeyLength = 255;

/**
 * The caller's own id of a request that changes something, from the header `Idempotency-Key`.
 *
 * @throws RedressError `invalid_input` for a key that is none
 */
export function requestKeyOf(headers: Headers): string | undefined {
  const key = headers.get("idempotency-key") ?? undefined;
  if (key !== undefined && (key === "" || key.length > maximumKeyLength)) {
    throw new RedressError(
      "invalid_input",
      "The Idempotency-Key must have 1 to 255 characters. Send another.",
    );
  }
  return key;
}
