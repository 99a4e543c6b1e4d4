import { expect, test } from "vitest";
import { connectErrorSentence, oauthSentence } from "./oauth-errors.ts";

const general = connectErrorSentence("oauth_failed");

test("each OAuth code of Stripe's tells the operator what to do (C6)", () => {
  const codes = [
    "access_denied",
    "invalid_scope",
    "invalid_redirect_uri",
    "invalid_grant",
    "invalid_client",
    "invalid_request",
    "unsupported_grant_type",
    "unsupported_response_type",
    "no_deauth_on_controlled_account",
  ];
  const sentences = codes.map(oauthSentence);
  expect(new Set(sentences).size).toBe(codes.length);
  expect(sentences).not.toContain(general);
});

test("each error of the settings page has its own sentence, and unknown text gets the general one", () => {
  const errors = ["denied", "invalid_state", "expired", "account_in_use", "mode_mismatch", "oauth_failed"];
  expect(new Set(errors.map((error) => connectErrorSentence(error))).size).toBe(errors.length);
  expect(connectErrorSentence("oauth_failed", "read_only")).toContain("read_only");
  expect(connectErrorSentence("toString")).toBe(general);
  expect(connectErrorSentence("oauth_failed", "constructor")).toBe(general);
});
