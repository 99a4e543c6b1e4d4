import { Webhook } from "standardwebhooks";
import { type Notification, notificationSchema } from "./notification.ts";

/** Why a request is not a notification from Redress. Nothing in it may be believed. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
  readonly code: "signature_invalid" | "body_invalid" | "secret_missing";

  constructor(code: VerificationError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export type HeaderReader = { get(name: string): string | null };

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
export function verifyNotification(
  request: { headers: HeaderReader; body: string },
  secrets: string | readonly string[],
): { id: string; notification: Notification } {
  const candidates = (typeof secrets === "string" ? [secrets] : secrets).filter((secret) => secret !== "");
  if (candidates.length === 0) {
    throw new VerificationError(
      "secret_missing",
      "Give createHandler the notification secret shown in Redress.",
    );
  }
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
  const headers = Object.fromEntries(names.map((name) => [name, request.headers.get(name) ?? ""]));

  const failures: unknown[] = [];
  const verified = candidates.some((secret) => {
    try {
      new Webhook(secret).verify(request.body, headers);
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  });
  if (!verified) {
    throw new VerificationError(
      "signature_invalid",
      "The signature does not match. Compare the secret with the one in Redress, and pass on the raw body.",
      failures[0],
    );
  }
  return { id: headers["webhook-id"] ?? "", notification: parseBody(request.body) };
}

function parseBody(body: string): Notification {
  try {
    return notificationSchema.parse(JSON.parse(body));
  } catch (error) {
    throw new VerificationError(
      "body_invalid",
      "The body is not a notification that this version knows.",
      error,
    );
  }
}
