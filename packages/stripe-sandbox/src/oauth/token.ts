import type Stripe from "stripe";
import { type ConnectScope, oauthTokens, type TokenRecord } from "../accounts/connection.ts";
import { readKey, redactKey } from "../http/authenticate.ts";
import { decodeForm, type FormHash } from "../http/form-decoding.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "../http/message.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { System } from "../system.ts";
import { textOf } from "./authorization-request.ts";
import { CODE_LIFETIME_MS, oauthCodes } from "./codes.ts";
import { announceConnection, disconnect } from "./disconnect.ts";
import { OAuthError } from "./oauth-error.ts";

/**
 * The platform, by its secret key in the header or as `client_secret`.
 * @throws OAuthError 401 invalid_client
 */
function requirePlatform(system: System, request: HttpRequest, form: FormHash): void {
  const key = readKey(request.header("authorization")) ?? textOf(form, "client_secret");
  if (key === undefined) {
    throw new OAuthError(
      "invalid_client",
      "No authentication was provided. Send your secret API key using the Authorization header, or as a client_secret POST parameter.",
      401,
    );
  }
  if (key === system.directory.platform().secretKey) return;
  throw new OAuthError("invalid_client", `Invalid API Key provided: ${redactKey(key)}`, 401);
}

function respond(work: () => object): HttpResponse {
  try {
    return jsonResponse(200, work(), { "Cache-Control": "no-store" });
  } catch (error) {
    if (error instanceof OAuthError) return error.toResponse();
    throw error;
  }
}

/** @throws OAuthError 400 invalid_request for a parameter that is not one of these */
function allowOnly(form: FormHash, names: readonly string[]): void {
  const unknown = Object.keys(form).find((name) => name !== "client_secret" && !names.includes(name));
  if (unknown !== undefined)
    throw new OAuthError("invalid_request", `Received unknown parameter: ${unknown}`);
}

/** `POST /oauth/token`. Source: contract section 1.4. */
export function issueToken(system: System, request: HttpRequest): HttpResponse {
  const form = decodeForm(request.body);
  return respond(() => {
    requirePlatform(system, request, form);
    allowOnly(form, ["grant_type", "code", "refresh_token", "scope", "assert_capabilities"]);
    const grantType = textOf(form, "grant_type");
    if (grantType === undefined) throw new OAuthError("invalid_request", "No grant type specified");
    if (grantType === "authorization_code") return exchangeCode(system, form);
    if (grantType === "refresh_token") return refresh(system, form);
    throw new OAuthError("unsupported_grant_type", `Unsupported grant type: ${grantType}`);
  });
}

function exchangeCode(system: System, form: FormHash): Stripe.OAuthToken {
  const { store, clock, directory } = system;
  const id = textOf(form, "code");
  if (id === undefined) throw new OAuthError("invalid_request", "No authorization code provided");
  const codes = store.collection(SANDBOX_SCOPE, oauthCodes);
  const code = codes.get(id);
  if (code === undefined) throw new OAuthError("invalid_grant", `Authorization code does not exist: ${id}`);
  if (code.used) {
    store.transaction(() => revokeGrant(system, id, code.account));
    throw new OAuthError(
      "invalid_grant",
      "This authorization code has already been used. All tokens issued with this code have been revoked.",
    );
  }
  if (clock.nowMs() - code.createdMs >= CODE_LIFETIME_MS) {
    throw new OAuthError("invalid_grant", "Authorization code expired");
  }
  return store.transaction(() => {
    const isNew = directory.connection(code.account) === undefined;
    codes.put({ ...code, used: true });
    directory.connect(code.account, code.scope, id);
    if (isNew) announceConnection(system, code.account);
    return addToken(system, { account: code.account, scope: code.scope, code: id });
  });
}

/** A second use ends what the first one granted; a connection renewed by a later code stays. */
function revokeGrant(system: System, code: string, account: string): void {
  const tokens = system.store.collection(SANDBOX_SCOPE, oauthTokens);
  for (const token of tokens.where("code", code)) tokens.delete(token.id);
  if (system.directory.connection(account)?.code === code) disconnect(system, account);
}

function refresh(system: System, form: FormHash): Stripe.OAuthToken {
  const refreshToken = textOf(form, "refresh_token");
  if (refreshToken === undefined) throw new OAuthError("invalid_request", "No refresh token provided");
  const tokens = system.store.collection(SANDBOX_SCOPE, oauthTokens);
  const [before] = tokens.where("refreshToken", refreshToken);
  if (before === undefined) {
    throw new OAuthError("invalid_grant", `Refresh token does not exist: ${redactKey(refreshToken)}`);
  }
  const granted = system.directory.connection(before.account)?.scope ?? before.scope;
  const scope = readScope(form, granted);
  return system.store.transaction(() => {
    for (const token of tokens.where("account", before.account)) {
      if (token.scope === scope) tokens.delete(token.id);
    }
    return addToken(system, { account: before.account, scope, code: before.code, refreshToken });
  });
}

/** The asked scope, equal to or narrower than the granted one. */
function readScope(form: FormHash, granted: ConnectScope): ConnectScope {
  const asked = textOf(form, "scope") ?? granted;
  const isNarrower = granted === "read_write" && asked === "read_only";
  if (asked === granted) return granted;
  if (isNarrower) return "read_only";
  throw new OAuthError("invalid_scope", `Invalid scope provided: ${asked}.`);
}

function addToken(
  system: System,
  grant: { account: string; scope: ConnectScope; code: string | null; refreshToken?: string },
): Stripe.OAuthToken {
  const { ids, clock, directory, store } = system;
  const token: TokenRecord = store.collection(SANDBOX_SCOPE, oauthTokens).put({
    id: ids.id("sk_test_"),
    created: clock.nowSeconds(),
    account: grant.account,
    scope: grant.scope,
    code: grant.code,
    refreshToken: grant.refreshToken ?? ids.id("rt_", 32),
  });
  const merchant = directory.accounts.get(grant.account);
  return {
    access_token: token.id,
    livemode: false,
    refresh_token: token.refreshToken,
    scope: token.scope,
    ...(merchant === undefined ? {} : { stripe_publishable_key: merchant.publishableKey }),
    stripe_user_id: token.account,
    token_type: "bearer",
  };
}

/** `POST /oauth/deauthorize`. Source: contract section 1.5. */
export function deauthorize(system: System, request: HttpRequest): HttpResponse {
  const form = decodeForm(request.body);
  return respond((): Stripe.OAuthDeauthorization => {
    requirePlatform(system, request, form);
    allowOnly(form, ["client_id", "stripe_user_id"]);
    const clientId = textOf(form, "client_id");
    const account = textOf(form, "stripe_user_id");
    if (clientId === undefined) throw new OAuthError("invalid_request", "No client_id specified");
    if (account === undefined) throw new OAuthError("invalid_request", "No stripe_user_id specified");
    const { directory, store } = system;
    if (clientId !== directory.platform().clientId || directory.connection(account) === undefined) {
      throw new OAuthError(
        "invalid_client",
        `This application is not connected to stripe account ${account}, or that account does not exist.`,
        401,
      );
    }
    store.transaction(() => disconnect(system, account));
    return { stripe_user_id: account };
  });
}
