import type { OperatorGrants } from "@redress/core/actor";
import { RedressError } from "@redress/core/errors";
import { readGrants } from "@redress/core/operators/grants";
import { readDeskSetting } from "@redress/core/operators/single-admin";
import { getSessionCookie } from "better-auth/cookies";
import { getAuth } from "../auth/auth.ts";
import { cookiePrefix } from "../auth/cookie-prefix.ts";
import type { WebRuntime } from "../runtime.ts";

/** A signed-in person, with what they may do. */
export interface SignedIn {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Names the browser session: a journey to Stripe's consent page is bound to it. */
  readonly sessionToken: string;
  readonly hasSecondFactor: boolean;
  /** None while the desk requires a second factor and they have none. */
  readonly grants: OperatorGrants;
}

/** Who sends these headers, or null when nobody is signed in. */
export async function readOperator(runtime: WebRuntime, headers: Headers): Promise<SignedIn | null> {
  const found = await getAuth(runtime).api.getSession({ headers });
  if (!found) return null;
  const { id, name, email } = found.user;
  const hasSecondFactor = found.user.twoFactorEnabled === true;
  const { dependencies } = runtime;
  const isMissing = !hasSecondFactor && (await readDeskSetting(dependencies, "second_factor_required"));
  const grants = isMissing ? { id, roles: { all: null, byApp: {} } } : await readGrants(dependencies, id);
  return { id, name, email, sessionToken: found.session.token, hasSecondFactor, grants };
}

/** Whether these headers name a session, which may have ended. */
export function hadSession(headers: Headers): boolean {
  return getSessionCookie(headers, { cookiePrefix }) !== null;
}

/** @throws RedressError sign_in_required */
export async function requireOperator(runtime: WebRuntime, headers: Headers): Promise<SignedIn> {
  const operator = await readOperator(runtime, headers);
  if (operator) return operator;
  throw new RedressError(
    "sign_in_required",
    hadSession(headers) ? "Your session has ended. Sign in again." : "Sign in first, then ask again.",
  );
}
