import { createHmac, timingSafeEqual } from "node:crypto";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

/** Slack: verifying requests. Older ones may have been recorded by somebody else. */
const toleranceSeconds = 5 * 60;

/** What came to the interactions' address: the raw body, and Slack's two headers. */
export interface SlackRequest {
  readonly rawBody: string;
  readonly signature: string | null;
  readonly timestamp: string | null;
}

/**
 * Holds a request to Slack's signature (version v0) over its time and raw body.
 *
 * @throws RedressError `slack_not_configured`, `slack_signature_invalid`
 */
export function verifySlackRequest(
  { slack, clock }: Pick<Dependencies, "slack" | "clock">,
  { rawBody, signature, timestamp }: SlackRequest,
): void {
  if (slack === null) {
    throw new RedressError(
      "slack_not_configured",
      "This desk has no Slack app. Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.",
    );
  }
  const isTime = timestamp !== null && /^\d{1,12}$/.test(timestamp);
  const age = Math.abs(clock.now().getTime() / 1_000 - Number(timestamp));
  const given = Buffer.from(signature ?? "");
  const isSigned = slack.signingSecrets.some((secret) => {
    const expected = Buffer.from(signSlackRequest(secret, timestamp ?? "", rawBody));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (isTime && age <= toleranceSeconds && isSigned) return;
  throw new RedressError(
    "slack_signature_invalid",
    "This was not signed by your Slack app within five minutes. Check SLACK_SIGNING_SECRET and this machine's clock.",
  );
}

/** `v0=` and the HMAC-SHA-256 in hex, as Slack signs. */
export function signSlackRequest(secret: string, timestamp: string, rawBody: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${rawBody}`).digest("hex")}`;
}
