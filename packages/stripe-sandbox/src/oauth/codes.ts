import type { ConnectScope } from "../accounts/connection.ts";
import { defineCollection, type StoredRecord } from "../store/collection.ts";

/** An authorization code; its id is the code. Source: contract section 1.3. */
export interface CodeRecord extends StoredRecord {
  readonly account: string;
  readonly scope: ConnectScope;
  readonly createdMs: number;
  readonly used: boolean;
}

export const oauthCodes = defineCollection<CodeRecord>("oauth_codes", {});

export const CODE_LIFETIME_MS = 5 * 60_000;
