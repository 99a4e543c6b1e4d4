import { defineCollection, type StoredRecord } from "../store/collection.ts";

export type ConnectScope = "read_write" | "read_only";

/** That a merchant is connected to the platform; its id is the merchant's account id. */
export interface ConnectionRecord extends StoredRecord {
  readonly scope: ConnectScope;
  /** The authorization code that made it; null when the admin API did. */
  readonly code: string | null;
}

export const connections = defineCollection<ConnectionRecord>("connections", {});

/** What the token endpoint issued; the id is the access token, a secret key for the merchant's account. */
export interface TokenRecord extends StoredRecord {
  readonly account: string;
  readonly scope: ConnectScope;
  readonly refreshToken: string;
  readonly code: string | null;
}

export const oauthTokens = defineCollection<TokenRecord, "account" | "refreshToken" | "code">(
  "oauth_tokens",
  {
    account: (token) => token.account,
    refreshToken: (token) => token.refreshToken,
    code: (token) => token.code,
  },
);
