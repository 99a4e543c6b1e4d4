import type { SandboxClock } from "../clock.ts";
import type { IdGenerator } from "../ids.ts";
import type { Collection } from "../store/collection.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import { type AccountRecord, accountRecords } from "./account-record.ts";
import { type ConnectionRecord, type ConnectScope, connections, oauthTokens } from "./connection.ts";

/** A platform record always has its client id. */
export type PlatformRecord = AccountRecord & { readonly clientId: string };

export interface NewAccount {
  business_name?: string | undefined;
  email?: string | undefined;
  country?: string | undefined;
  default_currency?: string | undefined;
  url?: string | undefined;
  product_description?: string | undefined;
}

const CURRENCY_OF_COUNTRY: Readonly<Record<string, string>> = {
  AU: "aud",
  BR: "brl",
  CA: "cad",
  CH: "chf",
  DK: "dkk",
  GB: "gbp",
  IN: "inr",
  JP: "jpy",
  MX: "mxn",
  NO: "nok",
  NZ: "nzd",
  PL: "pln",
  SE: "sek",
  SG: "sgd",
  US: "usd",
};

/** What a country's accounts settle in when nothing else is said. */
export function currencyOf(country: string): string {
  return CURRENCY_OF_COUNTRY[country] ?? "eur";
}

/** The accounts of this sandbox, and which of them the platform may act on. */
export class AccountDirectory {
  readonly #store: Store;
  readonly #clock: SandboxClock;
  readonly #ids: IdGenerator;

  constructor(store: Store, clock: SandboxClock, ids: IdGenerator) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
  }

  get accounts(): Collection<AccountRecord, "secretKey" | "publishableKey"> {
    return this.#store.collection(SANDBOX_SCOPE, accountRecords);
  }

  /** The connection of a merchant, or undefined: then the platform has no access. */
  connection(account: string): ConnectionRecord | undefined {
    return this.#store.collection(SANDBOX_SCOPE, connections).get(account);
  }

  /** Connected accounts, newest first. */
  connections(): ConnectionRecord[] {
    return this.#store.collection(SANDBOX_SCOPE, connections).all();
  }

  platform(): PlatformRecord {
    for (const account of this.accounts.walk({ direction: "newer" })) {
      if (account.clientId !== null) return { ...account, clientId: account.clientId };
    }
    throw new Error("the sandbox has no platform yet");
  }

  hasPlatform(): boolean {
    return this.accounts.size > 0;
  }

  createPlatform(): void {
    this.#create({ business_name: "Redress sandbox platform", country: "US" }, this.#ids.id("ca_", 32));
  }

  create(fields: NewAccount): AccountRecord {
    return this.#create(fields, null);
  }

  #create(fields: NewAccount, clientId: string | null): AccountRecord {
    const country = (fields.country ?? "US").toUpperCase();
    return this.accounts.put({
      id: this.#ids.id("acct_1", 15),
      created: this.#clock.nowSeconds(),
      business_name: fields.business_name ?? null,
      email: fields.email ?? null,
      url: fields.url ?? null,
      product_description: fields.product_description ?? null,
      country,
      default_currency: (fields.default_currency ?? currencyOf(country)).toLowerCase(),
      secretKey: this.#ids.id("sk_test_"),
      publishableKey: this.#ids.id("pk_test_"),
      clientId,
    });
  }

  connect(account: string, scope: ConnectScope, code: string | null): void {
    const created = this.#clock.nowSeconds();
    this.#store.collection(SANDBOX_SCOPE, connections).put({ id: account, created, scope, code });
  }

  /** Ends the connection and every token that was issued for the account. */
  disconnect(account: string): void {
    this.#store.collection(SANDBOX_SCOPE, connections).delete(account);
    const tokens = this.#store.collection(SANDBOX_SCOPE, oauthTokens);
    for (const token of tokens.where("account", account)) tokens.delete(token.id);
  }
}
