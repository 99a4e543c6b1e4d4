import { defineCollection, type StoredRecord } from "../store/collection.ts";

/** An account of this sandbox: the platform, or a merchant. Kept in the scope {@link SANDBOX_SCOPE}. */
export interface AccountRecord extends StoredRecord {
  readonly business_name: string | null;
  readonly email: string | null;
  /** ISO 3166 alpha-2, upper case. */
  readonly country: string;
  /** ISO 4217, lower case. */
  readonly default_currency: string;
  readonly url: string | null;
  readonly product_description: string | null;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** The platform's `ca_…`; null on merchants. */
  readonly clientId: string | null;
  /** What Stripe has switched off; both are on unless said. */
  readonly chargesEnabled?: boolean;
  readonly payoutsEnabled?: boolean;
  /** What Stripe wants of the owner; nothing unless said. */
  readonly requirementsDue?: readonly string[];
}

export const accountRecords = defineCollection<AccountRecord, "secretKey" | "publishableKey">("accounts", {
  secretKey: (account) => account.secretKey,
  publishableKey: (account) => account.publishableKey,
});
