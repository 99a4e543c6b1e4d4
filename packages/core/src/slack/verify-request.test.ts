import { describe, expect, test } from "vitest";
import { connectSlack } from "./connect-slack.ts";
import { signSlackRequest, verifySlackRequest } from "./verify-request.ts";

// While Slack's signing secret is rolled, clicks may be signed with either, and with no third.
const [fresh, old, stranger] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;
const now = new Date("2026-11-30T12:00:00Z");
const rawBody = "payload=%7B%7D";

function verify(signingSecrets: readonly string[], secret: string): void {
  const timestamp = String(now.getTime() / 1_000);
  const slack = connectSlack({ botToken: "xoxb-0", signingSecrets, channel: null, apiUrl: null });
  const signature = signSlackRequest(secret, timestamp, rawBody);
  verifySlackRequest({ slack, clock: { now: () => now } }, { rawBody, signature, timestamp });
}

const refused = expect.objectContaining({ code: "slack_signature_invalid" });

describe("with two signing secrets", () => {
  test.each([fresh, old])("a click signed with either (%s) is taken", (secret) => {
    expect(() => verify([fresh, old], secret)).not.toThrow();
  });

  test("one signed with another is refused", () => {
    expect(() => verify([fresh, old], stranger)).toThrow(refused);
  });
});

test("once the old secret is taken off the list, what it signs is refused", () => {
  expect(() => verify([fresh], old)).toThrow(refused);
});
