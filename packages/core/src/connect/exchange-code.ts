import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { classifyOAuthError } from "../stripe/classify-oauth-error.ts";
import { type ConnectError, isOAuthReason, type OAuthReason } from "./oauth-errors.ts";

/** What a connection is, once granted. The account's own tokens are in Stripe's answer too, and are never kept. */
export interface Grant {
  readonly accountId: string;
  readonly livemode: boolean;
  readonly scope: string;
}

export interface ConnectFailure {
  readonly error: ConnectError;
  /** With `oauth_failed`. */
  readonly reason?: OAuthReason;
  /** With `account_in_use`: the slug of the app that has it, where who connects may see that app. */
  readonly holder?: string;
}

const tokenSchema = z.object({
  stripe_user_id: z.string().min(1),
  livemode: z.boolean(),
  scope: z.string().min(1),
});

/**
 * Sends the code to Stripe, once: a second time would revoke what the first one granted (Stripe: OAuth,
 * single-use codes), so an answer that is lost is a failure and never a reason to repeat.
 */
export async function exchangeCode(
  dependencies: Dependencies,
  code: string,
): Promise<Grant | ConnectFailure> {
  let answer: unknown;
  try {
    answer = await dependencies.stripe.oauth.token(
      { grant_type: "authorization_code", code },
      { maxNetworkRetries: 0 },
    );
  } catch (error) {
    return failureOf(dependencies, error);
  }
  const parsed = tokenSchema.safeParse(answer);
  if (!parsed.success) return { error: "oauth_failed", reason: "unknown_outcome" };
  const { stripe_user_id: accountId, livemode, scope } = parsed.data;
  if (livemode !== (dependencies.settings.mode === "live")) return { error: "mode_mismatch" };
  if (scope !== "read_write") return { error: "oauth_failed", reason: "read_only" };
  return { accountId, livemode, scope };
}

function failureOf(dependencies: Dependencies, error: unknown): ConnectFailure {
  const outcome = classifyOAuthError(error);
  if (outcome.kind === "unknown") {
    dependencies.logger.warn({ reason: outcome.message }, "Stripe's answer to an OAuth code did not arrive.");
    return { error: "oauth_failed", reason: "unknown_outcome" };
  }
  return refusalOf(outcome.code);
}

/** What an OAuth code of Stripe's means for the callback. */
export function refusalOf(code: string): ConnectFailure {
  if (code === "access_denied") return { error: "denied" };
  if (code === "invalid_grant") return { error: "expired" };
  return { error: "oauth_failed", reason: isOAuthReason(code) ? code : "other" };
}
