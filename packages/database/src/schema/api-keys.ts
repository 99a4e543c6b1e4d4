import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { operators } from "./operators.ts";
import { refunds } from "./refunds.ts";

/** All that a key can ever be given. Deciding, settings, people and keys are not among it: the database refuses them. */
export const agentPermissions = [
  "purchases.read",
  "refunds.read",
  "refunds.request",
  "refunds.withdraw",
] as const;
export type AgentPermission = (typeof agentPermissions)[number];

/**
 * What a program signs in with. It acts under the responsibility of the person who made the key, and never
 * has more than that person has. Its id stays through every rotation: requests are remembered by it.
 */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: ["agent"] }).notNull(),
    name: text("name").notNull(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => operators.id),
    permissions: text("permissions", { enum: agentPermissions }).array().notNull(),
    /** Null: every app of the owner's, those to come too. */
    appIds: text("app_ids").array(),
    /** Calls a minute; as many may come at once after a quiet minute. */
    ratePerMinute: integer("rate_per_minute").notNull(),
    /** The moment up to which calls are spent (see `takeCall`). */
    rateFreeAt: moment("rate_free_at").notNull(),
    /** Where its program is told what became of what it asked for. */
    webhookUrl: text("webhook_url"),
    webhookSecretCiphertext: text("webhook_secret_ciphertext"),
    /** How its last message went: an HTTP status, or why there was none. */
    webhookLastOutcome: text("webhook_last_outcome"),
    webhookLastAt: moment("webhook_last_at"),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    revokedAt: moment("revoked_at"),
    revokedBy: text("revoked_by"),
  },
  (t) => [
    check(
      "api_keys_permissions",
      sql`cardinality(${t.permissions}) > 0 and ${t.permissions} <@ array['purchases.read', 'refunds.read', 'refunds.request', 'refunds.withdraw']`,
    ),
    check("api_keys_apps", sql`${t.appIds} is null or cardinality(${t.appIds}) > 0`),
    check("api_keys_rate", sql`${t.ratePerMinute} between 1 and 6000`),
    check("api_keys_expiry", sql`${t.expiresAt} > ${t.createdAt}`),
    check("api_keys_webhook", sql`(${t.webhookUrl} is null) = (${t.webhookSecretCiphertext} is null)`),
    check("api_keys_revoked", sql`(${t.revokedAt} is null) = (${t.revokedBy} is null)`),
  ],
);

/** The secrets of a key: the present one, and those before it that still work for a while. */
export const apiKeySecrets = pgTable(
  "api_key_secrets",
  {
    /** HMAC-SHA-256 of the secret, which itself is shown once and kept nowhere. */
    hash: text("hash").primaryKey(),
    keyId: text("key_id")
      .notNull()
      .references(() => apiKeys.id),
    /** Its first characters, by which people tell secrets apart. */
    prefix: text("prefix").notNull(),
    createdAt: moment("created_at").notNull(),
    /** Set by a rotation. Null: the present secret, as long as the key works. */
    endsAt: moment("ends_at"),
    /** To the minute. */
    lastUsedAt: moment("last_used_at"),
  },
  (t) => [
    index("api_key_secrets_key").on(t.keyId),
    uniqueIndex("api_key_secrets_present").on(t.keyId).where(sql`${t.endsAt} is null`),
  ],
);

export const keyRefusals = ["expired", "revoked", "replaced", "not_permitted"] as const;
export type KeyRefusal = (typeof keyRefusals)[number];

/** When a key's refused use was last written into the audit log, so that a loop does not flood it. */
export const apiKeyRefusals = pgTable(
  "api_key_refusals",
  {
    keyId: text("key_id")
      .notNull()
      .references(() => apiKeys.id),
    why: text("why", { enum: keyRefusals }).notNull(),
    notedAt: moment("noted_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.why] })],
);

/** Request ids that were answered with a refund asked for before: they stand for it for ever. */
export const repeatedRequests = pgTable(
  "repeated_requests",
  {
    requestedById: text("requested_by_id").notNull(),
    requestKey: text("request_key").notNull(),
    requestHash: text("request_hash").notNull(),
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    repeatedAt: moment("repeated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.requestedById, t.requestKey] })],
);
