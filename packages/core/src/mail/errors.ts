/**
 * Why a message did not leave. `mail_not_configured`: this installation has no SMTP server. `mail_refused`: the
 * server said no for good (5xx), of this message or to our sign-in. `mail_unavailable`: it gave no answer, or said
 * "later" (4xx).
 */
export type MailErrorCode = "mail_not_configured" | "mail_refused" | "mail_unavailable";

/** A message was not taken. The sentence is for the operator, and names no address. */
export class MailError extends Error {
  override readonly name = "MailError";
  readonly code: MailErrorCode;

  constructor(code: MailErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
