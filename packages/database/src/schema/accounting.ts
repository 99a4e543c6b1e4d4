import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { minorUnits, moment } from "./columns.ts";
import { refunds } from "./refunds.ts";

/** Whether money left an account for a refund, or came back because the refund failed. */
export const balanceTransactionKinds = ["refund", "refund_failure"] as const;
export type BalanceTransactionKind = (typeof balanceTransactionKinds)[number];

/**
 * A movement of a connected account's balance for a refund, as Stripe booked it. Amounts are signed, in the currency
 * in which the account is settled, which may be another one than the charge's.
 */
export const balanceTransactions = pgTable(
  "balance_transactions",
  {
    stripeAccountId: text("stripe_account_id").notNull(),
    /** `txn_…` */
    id: text("id").notNull(),
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    kind: text("kind", { enum: balanceTransactionKinds }).notNull(),
    amount: minorUnits("amount").notNull(),
    /** What Stripe and the platform take; less than zero is given back. */
    fee: minorUnits("fee").notNull(),
    /** The platform's part of `fee`. */
    applicationFee: minorUnits("application_fee").notNull(),
    net: minorUnits("net").notNull(),
    currency: text("currency").notNull(),
    /** Of the charge's currency to this one, as Stripe wrote it. Null: they are the same. */
    exchangeRate: text("exchange_rate"),
    bookedAt: moment("booked_at").notNull(),
    availableOn: moment("available_on").notNull(),
    fetchedAt: moment("fetched_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.stripeAccountId, t.id] }),
    unique("balance_transactions_kind").on(t.refundId, t.kind),
    index("balance_transactions_booked").on(t.bookedAt),
    check("balance_transactions_net", sql`${t.net} = ${t.amount} - ${t.fee}`),
    check("balance_transactions_currency", sql`${t.currency} ~ '^[a-z]{3}$'`),
  ],
);

/** That a refund's balance transactions are to be fetched from Stripe: written with each change of its state. */
export const balanceFetches = pgTable(
  "balance_fetches",
  {
    refundId: text("refund_id")
      .primaryKey()
      .references(() => refunds.id),
    /** When to ask next. Null: everything was fetched. Whoever asks moves it on first, so that others do not ask too. */
    dueAt: moment("due_at"),
    /** Counts the changes of state: what was asked before the newest one does not say that nothing is left. */
    version: integer("version").notNull().default(1),
    tries: integer("tries").notNull().default(0),
    /** Why the last question had no full answer. */
    lastError: text("last_error"),
  },
  (t) => [index("balance_fetches_due").on(t.dueAt).where(sql`${t.dueAt} is not null`)],
);
