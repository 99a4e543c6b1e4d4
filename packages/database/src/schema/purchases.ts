import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { minorUnits, moment } from "./columns.ts";

/** One charge on a connected account, with the customer and product that support sees. */
export const purchases = pgTable(
  "purchases",
  {
    id: text("id").primaryKey(),
    appId: text("app_id")
      .notNull()
      .references(() => apps.id),
    /** The account the charge lives on: stays, whatever the app is connected to later. */
    stripeAccountId: text("stripe_account_id").notNull(),
    stripeChargeId: text("stripe_charge_id").notNull(),
    stripePaymentIntentId: text("stripe_payment_intent_id"),
    stripeCustomerId: text("stripe_customer_id"),
    /** The customer's id in the app itself, as it reported it. */
    appCustomerId: text("app_customer_id"),
    livemode: boolean("livemode").notNull(),

    amountCaptured: minorUnits("amount_captured").notNull(),
    currency: text("currency").notNull(),
    /** What a platform took of it, and which (`ca_…`): only that one can give the fee back. Null: none, or not known. */
    applicationFee: minorUnits("application_fee"),
    stripeApplicationId: text("stripe_application_id"),

    customerEmail: text("customer_email"),
    customerName: text("customer_name"),
    productName: text("product_name"),
    orderNumber: text("order_number"),
    description: text("description"),
    paymentMethodBrand: text("payment_method_brand"),
    paymentMethodLast4: text("payment_method_last4"),
    /** Salt of the hashes that stand for this customer's data in the audit log; erased with the data. */
    personalSalt: text("personal_salt").notNull(),

    /** Stripe's status of the newest dispute, null while there was none. */
    disputeStatus: text("dispute_status"),
    /** True while Stripe refuses refunds because of a dispute (`is_charge_refundable` false). */
    refundsBlockedByDispute: boolean("refunds_blocked_by_dispute").notNull().default(false),
    /** Until when Stripe takes evidence on a dispute that wants some; the earliest, where there are several. */
    disputeDueAt: moment("dispute_due_at"),

    /** What the app was last told to do about access, and what it answered. */
    access: text("access", { enum: ["granted", "revoke_told", "revoked", "restore_told"] })
      .notNull()
      .default("granted"),
    /** Number of messages about this purchase so far: the next one's `sequence` is this + 1. */
    lastSequence: integer("last_sequence").notNull().default(0),

    /** Since when nothing personal of its customer is kept: a trigger leaves out whatever would bring it back. */
    erasedAt: moment("erased_at"),

    purchasedAt: moment("purchased_at").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [
    unique("purchases_charge").on(t.stripeAccountId, t.stripeChargeId),
    // Lets a refund's foreign key prove that its account, charge, app and currency are the purchase's own.
    unique("purchases_identity").on(t.id, t.appId, t.stripeAccountId, t.stripeChargeId, t.currency),
    index("purchases_app_newest").on(t.appId, t.purchasedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("purchases_newest").on(t.purchasedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("purchases_payment_intent").on(t.stripePaymentIntentId),
    index("purchases_order_number").on(t.orderNumber),
    index("purchases_email").on(sql`lower(${t.customerEmail}) text_pattern_ops`),
    index("purchases_name_words").using("gin", sql`to_tsvector('simple', ${t.customerName})`),
    index("purchases_stripe_customer").on(t.stripeCustomerId),
    index("purchases_app_customer").on(t.appCustomerId),
    index("purchases_price").on(
      t.amountCaptured,
      t.purchasedAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index("purchases_last4").on(t.paymentMethodLast4),
    index("purchases_open_disputes")
      .on(t.disputeDueAt.asc().nullsLast(), t.id)
      .where(
        sql`${t.disputeStatus} not in ('lost', 'won', 'warning_closed', 'prevented') or ${t.disputeDueAt} is not null`,
      ),
    check("purchases_amount", sql`${t.amountCaptured} >= 0`),
    check("purchases_application_fee", sql`${t.applicationFee} >= 0`),
    check("purchases_currency", sql`${t.currency} ~ '^[a-z]{3}$'`),
  ],
);
