import { apps, operators, type Queryable } from "@redress/database";
import { asc, eq, getTableColumns, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Money } from "../money.ts";
import { chooseInForce, readNewestVersions } from "../policy/policy-in-force.ts";
import { simpleRules } from "../policy/simple-rules.ts";
import { type ImportView, readNewestImports } from "../purchases/import-view.ts";

/** Why an app is no longer connected. */
export type DisconnectReason = "operator" | "deauthorized_at_stripe" | "access_lost";

export interface AppView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly contactEmail: string | null;
  readonly websiteUrl: string | null;
  readonly productDescription: string | null;
  readonly connection: null | {
    readonly stripeAccountId: string;
    readonly livemode: boolean;
    readonly scope: string;
    readonly connectedAt: Date;
    /** Id of the operator. */
    readonly connectedBy: string;
    readonly connectedByName: string | null;
  };
  readonly disconnected: null | { readonly at: Date; readonly reason: string };
  /** The stop switch: nothing is sent to Stripe while it is set. */
  readonly refundsStopped: null | {
    readonly at: Date;
    /** Id of the operator. */
    readonly by: string;
    readonly byName: string | null;
    readonly reason: string;
  };
  readonly notificationUrl: string | null;
  readonly revokeAccessOnPartialRefund: boolean;
  /** Whether refunds asked for from now on give the platform's application fee back as well. */
  readonly refundApplicationFee: boolean;
  /** Id of the Slack channel of its requests; null: the desk's. */
  readonly slackChannel: string | null;
  /**
   * Requests up to this amount need no person; a currency that is not here does. Sorted by currency. Null: the
   * policy in force says more than that.
   */
  readonly approvalRules: readonly Money[] | null;
  /** Which policy is in force: the app's own, or the desk's for apps that have none. */
  readonly policy: { readonly version: number; readonly isDefault: boolean };
  /** The newest import of the account's charges. */
  readonly import: {
    readonly status: "none" | "running" | "done" | "failed" | "stopped";
    readonly importedCount: number;
    /** Of the account's history, from 0 to 1. */
    readonly progress: number;
    readonly error: string | null;
  };
}

const stoppers = alias(operators, "stoppers");

/** Apps by slug, with their policy and connection. */
export async function readAppViews(database: Queryable, where?: SQL): Promise<AppView[]> {
  const rows = await database
    .select({ ...getTableColumns(apps), connectedByName: operators.name, stoppedByName: stoppers.name })
    .from(apps)
    .leftJoin(operators, eq(operators.id, apps.connectedBy))
    .leftJoin(stoppers, eq(stoppers.id, apps.refundsStoppedBy))
    .where(where)
    .orderBy(asc(apps.slug));
  const ids = rows.map(({ id }) => id);
  const [newest, imports] = [await readNewestVersions(database, ids), await readNewestImports(database, ids)];
  return rows.map((row) => {
    const { policy, version, isDefault } = chooseInForce(newest, row.id);
    const settings = { approvalRules: simpleRules(policy), policy: { version, isDefault } };
    return { ...appView(row), ...settings, import: importOf(imports.get(row.id)) };
  });
}

type AppRow = typeof apps.$inferSelect & { connectedByName: string | null; stoppedByName: string | null };

function appView(row: AppRow): Omit<AppView, "approvalRules" | "policy" | "import"> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    contactEmail: row.contactEmail,
    websiteUrl: row.websiteUrl,
    productDescription: row.productDescription,
    connection: connectionOf(row),
    disconnected:
      row.disconnectedAt === null ? null : { at: row.disconnectedAt, reason: row.disconnectedReason ?? "" },
    refundsStopped: stopOf(row),
    notificationUrl: row.notificationUrl,
    revokeAccessOnPartialRefund: row.revokeAccessOnPartialRefund,
    refundApplicationFee: row.refundApplicationFee,
    slackChannel: row.slackChannel,
  };
}

function importOf(newest: ImportView | undefined): AppView["import"] {
  if (newest === undefined) return { status: "none", importedCount: 0, progress: 0, error: null };
  const { status, importedCount, progress, error } = newest;
  return { status, importedCount, progress, error };
}

/** The switch is kept whole or not at all (`apps_stop_whole`). */
function stopOf(row: AppRow): AppView["refundsStopped"] {
  const { refundsStoppedAt: at, refundsStoppedBy: by, refundsStoppedReason: reason } = row;
  if (at === null || by === null || reason === null) return null;
  return { at, by, byName: row.stoppedByName, reason };
}

/** The link is kept whole or not at all (`apps_connection_whole`). */
function connectionOf(row: AppRow): AppView["connection"] {
  const { stripeAccountId, stripeLivemode, stripeScope, connectedAt, connectedBy } = row;
  if (!stripeAccountId || stripeLivemode === null || !stripeScope || !connectedAt || !connectedBy)
    return null;
  return {
    stripeAccountId,
    livemode: stripeLivemode,
    scope: stripeScope,
    connectedAt,
    connectedBy,
    connectedByName: row.connectedByName,
  };
}
