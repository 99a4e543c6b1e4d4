import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { apps } from "./apps.ts";
import { moment } from "./columns.ts";

/** A signed-in person. The four `operator*` tables are better-auth's, under our names. */
export const operators = pgTable("operators", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  /** Whether requests that this person may approve come by e-mail as well. */
  mailApprovals: boolean("mail_approvals").notNull().default(true),
  twoFactorEnabled: boolean("two_factor_enabled").notNull().default(false),
  /** From then on they can neither sign in nor act, and keys that they answer for do not work. */
  deactivatedAt: moment("deactivated_at"),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

export const operatorSessions = pgTable(
  "operator_sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => operators.id, { onDelete: "cascade" }),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [index("operator_sessions_user").on(t.userId)],
);

export const operatorCredentials = pgTable("operator_credentials", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  providerId: text("provider_id").notNull(),
  userId: text("user_id")
    .notNull()
    .references(() => operators.id, { onDelete: "cascade" }),
  accessToken: text("access_token"),
  refreshToken: text("refresh_token"),
  idToken: text("id_token"),
  accessTokenExpiresAt: moment("access_token_expires_at"),
  refreshTokenExpiresAt: moment("refresh_token_expires_at"),
  scope: text("scope"),
  password: text("password"),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

export const operatorVerifications = pgTable("operator_verifications", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: moment("expires_at").notNull(),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

/** The second factor of a person: sealed by better-auth with the desk's secret. */
export const operatorSecondFactors = pgTable("operator_second_factors", {
  id: text("id").primaryKey(),
  userId: text("user_id")
    .notNull()
    .unique()
    .references(() => operators.id, { onDelete: "cascade" }),
  secret: text("secret").notNull(),
  backupCodes: text("backup_codes").notNull(),
  /** Whether a code was shown to be right; before that it asks nobody for anything. */
  verified: boolean("verified").notNull().default(false),
  failedVerificationCount: integer("failed_verification_count").notNull().default(0),
  lockedUntil: moment("locked_until"),
});

/** How often sign-in was tried, shared by all processes. */
export const signInLimits = pgTable("sign_in_limits", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique(),
  count: integer("count").notNull(),
  /** Milliseconds since 1970. */
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

export const operatorRoleNames = ["viewer", "agent", "approver", "admin"] as const;
export type OperatorRole = (typeof operatorRoleNames)[number];

/** What a person may do in one app, or, with no app, in all of them. */
export const operatorRoles = pgTable(
  "operator_roles",
  {
    id: text("id").primaryKey(),
    operatorId: text("operator_id")
      .notNull()
      .references(() => operators.id, { onDelete: "cascade" }),
    appId: text("app_id").references(() => apps.id),
    role: text("role", { enum: operatorRoleNames }).notNull(),
    grantedAt: moment("granted_at").notNull(),
    grantedBy: text("granted_by").notNull(),
  },
  (t) => [
    uniqueIndex("operator_roles_app").on(t.operatorId, t.appId).where(sql`${t.appId} is not null`),
    uniqueIndex("operator_roles_all").on(t.operatorId).where(sql`${t.appId} is null`),
  ],
);

/** A way in for somebody who has no account yet. Of its link only the fingerprint of the newest is kept. */
export const operatorInvitations = pgTable(
  "operator_invitations",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    appId: text("app_id").references(() => apps.id),
    role: text("role", { enum: operatorRoleNames }).notNull(),
    tokenFingerprint: text("token_fingerprint").notNull().unique(),
    /** How often it was sent: each sending has a link of its own, and ends the one before. */
    sendCount: integer("send_count").notNull().default(1),
    expiresAt: moment("expires_at").notNull(),
    invitedBy: text("invited_by").notNull(),
    createdAt: moment("created_at").notNull(),
    acceptedAt: moment("accepted_at"),
    acceptedBy: text("accepted_by").references(() => operators.id),
    revokedAt: moment("revoked_at"),
  },
  (t) => [
    uniqueIndex("operator_invitations_open")
      .on(t.email)
      .where(sql`${t.acceptedAt} is null and ${t.revokedAt} is null`),
    check("operator_invitations_one_end", sql`${t.acceptedAt} is null or ${t.revokedAt} is null`),
    check("operator_invitations_accepted_by", sql`(${t.acceptedAt} is null) = (${t.acceptedBy} is null)`),
  ],
);

/** Settings of the whole desk, one row a key. */
export const deskSettings = pgTable("desk_settings", {
  key: text("key", { enum: ["single_admin_may_approve_own", "second_factor_required"] }).primaryKey(),
  value: boolean("value").notNull(),
  updatedAt: moment("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
});
