import { type Notification, type Ping, receivedSchema } from "./notification.ts";
import { isSigned, SecretError } from "./signature.ts";

/** Why a request is not a notification from Redress. Nothing in it may be believed. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
  readonly code:
    | "signature_invalid"
    | "timestamp_invalid"
    | "body_invalid"
    | "body_too_large"
    | "secret_missing";

  constructor(code: VerificationError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export type HeaderReader = { get(name: string): string | null };

export interface VerifyOptions {
  /** How far a message's timestamp may be from now, before and after. 300 unless told. */
  toleranceSeconds?: number;
  /** What time it is, in milliseconds. `Date.now` unless told. */
  now?: () => number;
}

/**
 * Proves that a request comes from Redress and parses it.
 *
 * Standard Webhooks: the signature covers id, timestamp and the raw body; a timestamp more than five
 * minutes away, in the past or the future, is refused; comparison takes constant time.
 *
 * @param request.body the raw body, exactly as received
 * @param secrets the app's `whsec_…` secret; several while one is being rotated
 * @returns the message id (the same at each attempt for the same fact) and the notification
 * @throws VerificationError
 */
export async function verifyNotification(
  request: { headers: HeaderReader; body: string },
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): Promise<{ id: string; notification: Notification | Ping }> {
  const candidates = (typeof secrets === "string" ? [secrets] : secrets).filter((secret) => secret !== "");
  if (candidates.length === 0) {
    throw new VerificationError(
      "secret_missing",
      "Give createHandler the notification secret shown in Redress.",
    );
  }
  const id = request.headers.get("webhook-id") ?? "";
  const signatures = request.headers.get("webhook-signature") ?? "";
  const timestamp = readTimestamp(request.headers.get("webhook-timestamp"), options);
  if (id === "" || !(await check({ id, timestamp, body: request.body }, signatures, candidates))) {
    throw new VerificationError(
      "signature_invalid",
      "The signature does not match. Compare the secret with the one in Redress, and pass on the raw body.",
    );
  }
  return { id, notification: parseBody(request.body) };
}

async function check(...given: Parameters<typeof isSigned>): Promise<boolean> {
  try {
    return await isSigned(...given);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    throw new VerificationError("secret_missing", error.message, error);
  }
}

function readTimestamp(
  header: string | null,
  { toleranceSeconds = 300, now = Date.now }: VerifyOptions,
): number {
  const timestamp = /^\d{1,12}$/.test(header ?? "") ? Number(header) : Number.NaN;
  if (Math.abs(Math.floor(now() / 1000) - timestamp) <= toleranceSeconds) return timestamp;
  throw new VerificationError(
    "timestamp_invalid",
    "The message is too old, or from the future. Set this server's clock by NTP; an old message is not valid twice.",
  );
}

function parseBody(body: string): Notification | Ping {
  try {
    return receivedSchema.parse(JSON.parse(body));
  } catch (error) {
    throw new VerificationError(
      "body_invalid",
      "The body is not a notification that this version knows.",
      error,
    );
  }
}
