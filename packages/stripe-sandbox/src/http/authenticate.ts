import type { AccountRecord } from "../accounts/account-record.ts";
import { type ConnectScope, oauthTokens } from "../accounts/connection.ts";
import type { AccountDirectory } from "../accounts/directory.ts";
import { SandboxError } from "../errors.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { Store } from "../store/store.ts";

/** Who calls: an account by its secret key, or the platform by an OAuth access token of a merchant. */
export interface Caller {
  readonly account: AccountRecord;
  readonly key: string;
  /** Set for access tokens: what the merchant granted. */
  readonly token: { readonly scope: ConnectScope } | null;
}

/** What a request may act on. */
export interface Access {
  readonly account: string;
  /** `ca_…` when the platform acts on a merchant's account. */
  readonly application: string | null;
}

/** The key of `Authorization: Bearer sk_…` or Basic (key as user); undefined without one. */
export function readKey(authorization: string | undefined): string | undefined {
  const [scheme = "", value = ""] = (authorization ?? "").trim().split(/\s+/, 2);
  if (/^bearer$/i.test(scheme)) return value === "" ? undefined : value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const [user = ""] = Buffer.from(value, "base64").toString("utf8").split(":", 1);
  return user === "" ? undefined : user;
}

/** `sk_test_4eC39…` → `sk_test_****4eC3`: keys never appear whole. */
export function redactKey(key: string): string {
  const prefix = /^(sk|pk|rk)_(test|live)_/.exec(key)?.[0] ?? "";
  return `${prefix}****${key.length - prefix.length > 8 ? key.slice(-4) : ""}`;
}

function unauthorized(message: string, code?: string): SandboxError {
  return new SandboxError({ status: 401, message, code });
}

export class Authenticator {
  readonly #store: Store;
  readonly #directory: AccountDirectory;

  constructor(store: Store, directory: AccountDirectory) {
    this.#store = store;
    this.#directory = directory;
  }

  /** Who this key belongs to, or undefined. */
  find(key: string): Caller | undefined {
    const { accounts } = this.#directory;
    const [owner] = accounts.where("secretKey", key);
    if (owner !== undefined) return { account: owner, key, token: null };
    const token = this.#store.collection(SANDBOX_SCOPE, oauthTokens).get(key);
    const merchant = token === undefined ? undefined : accounts.get(token.account);
    if (token === undefined || merchant === undefined) return undefined;
    return { account: merchant, key, token: { scope: token.scope } };
  }

  /** @throws SandboxError 401 as in contract section 2.4 */
  authenticate(authorization: string | undefined): Caller {
    const key = readKey(authorization);
    if (key === undefined) {
      throw unauthorized(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      );
    }
    const caller = this.find(key);
    if (caller !== undefined) return caller;
    if (this.#directory.accounts.where("publishableKey", key).length > 0) {
      throw unauthorized(
        "This API call cannot be made with a publishable API key. Please use a secret API key.",
        "secret_key_required",
      );
    }
    throw unauthorized(`Invalid API Key provided: ${redactKey(key)}`);
  }

  /**
   * Which account this request acts on, by its Stripe-Account header.
   * @throws SandboxError 403 without access: not connected (any more), unknown, read-only, not a platform
   */
  access(caller: Caller, stripeAccount: string | undefined, writes: boolean): Access {
    const platform = this.#directory.platform();
    const own = caller.account.id;
    if (stripeAccount === undefined || stripeAccount === own) {
      if (caller.token === null) return { account: own, application: null };
      this.#requireScope(caller.token.scope, writes, caller.key, own);
      return { account: own, application: platform.clientId };
    }
    if (own !== platform.id) {
      throw new SandboxError({
        status: 403,
        message:
          "Only Stripe Connect platforms can work with other accounts. If you specified a client_id parameter, make sure it's correct. If you need to setup a Stripe Connect platform, you can do so at https://dashboard.stripe.com/account/applications/settings.",
      });
    }
    const connection = this.#directory.connection(stripeAccount);
    if (connection === undefined) throw accountInvalid(caller.key, stripeAccount);
    this.#requireScope(connection.scope, writes, caller.key, stripeAccount);
    return { account: stripeAccount, application: platform.clientId };
  }

  #requireScope(scope: ConnectScope, writes: boolean, key: string, account: string): void {
    if (scope === "read_write" || !writes) return;
    throw new SandboxError({
      status: 403,
      message: `The provided key '${redactKey(key)}' does not have the required permissions for this endpoint on account '${account}'.`,
    });
  }
}

/** Source: contract section 1.7; the same answer for a revoked and for an unknown account. */
export function accountInvalid(key: string, account: string): SandboxError {
  return new SandboxError({
    status: 403,
    code: "account_invalid",
    message: `The provided key '${redactKey(key)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
  });
}
