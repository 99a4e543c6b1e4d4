import {
  apiKeys,
  apps,
  type Database,
  embedKeys,
  operatorSecondFactors,
  outboxMessages,
  retiredFingerprintKeys,
} from "@redress/database";
import { eq, gt, isNotNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

/** One column that holds sealed texts. */
export interface SealedPlace {
  /** In words: whose texts these are. */
  readonly what: string;
  /** Who seals: the desk's own box, or better-auth. */
  readonly by: "box" | "sign_in";
  readonly table: PgTable;
  readonly id: PgColumn;
  /** The sealed text. */
  readonly sealed: SQL;
  /** The assignment that replaces it. */
  readonly assign: (sealed: string) => SQL;
  /** Rows that hold one. */
  readonly holds: SQL;
  /** Rows that lose something if theirs can no longer be opened; all that hold one unless told. */
  readonly needs?: SQL;
}

const ofColumn = (
  { what, by = "box", ...needs }: Pick<SealedPlace, "what" | "needs"> & Partial<Pick<SealedPlace, "by">>,
  { table, id, column }: { table: PgTable; id: PgColumn; column: PgColumn },
): SealedPlace => ({
  ...{ what, by, table, id, ...needs },
  sealed: sql`${column}`,
  assign: (sealed) => sql`${sql.identifier(column.name)} = ${sealed}`,
  holds: isNotNull(column),
});

const { data, completedAt, sendAt, deadAt, name } = outboxMessages;

/** Every column that `REDRESS_SECRET` seals. A new one has its line here: `reseal.test.ts` looks for others. */
export const sealedPlaces: readonly SealedPlace[] = [
  ofColumn(
    { what: "notification secrets of apps" },
    { table: apps, id: apps.id, column: apps.notificationSecretCiphertext },
  ),
  ofColumn(
    {
      what: "notification secrets of apps, in their overlap",
      needs: sql`${apps.previousNotificationSecretUntil} > now()`,
    },
    { table: apps, id: apps.id, column: apps.previousNotificationSecretCiphertext },
  ),
  ofColumn(
    { what: "webhook secrets of agents" },
    { table: apiKeys, id: apiKeys.id, column: apiKeys.webhookSecretCiphertext },
  ),
  ofColumn(
    { what: "helpdesks' keys" },
    { table: embedKeys, id: embedKeys.id, column: embedKeys.secretCiphertext },
  ),
  ofColumn(
    {
      what: "helpdesks' keys, in their overlap",
      needs: sql`${embedKeys.previousSecretUntil} > now()`,
    },
    { table: embedKeys, id: embedKeys.id, column: embedKeys.previousSecretCiphertext },
  ),
  {
    ...{ what: "mail that waits", by: "box", table: outboxMessages, id: outboxMessages.id },
    sealed: sql`${data} ->> 'sealed'`,
    assign: (sealed) => sql`data = jsonb_build_object('sealed', ${sealed}::text)`,
    // Two small indexes instead of the table: what was sent is long.
    holds: sql`(${sendAt} is not null or ${deadAt} is not null) and ${completedAt} is null and ${name} = 'mail/sending.due' and ${data} ->> 'sealed' <> ''`,
  },
  ofColumn(
    { what: "keys to older fingerprints" },
    {
      table: retiredFingerprintKeys,
      id: retiredFingerprintKeys.id,
      column: retiredFingerprintKeys.sealedKey,
    },
  ),
  ...[operatorSecondFactors.secret, operatorSecondFactors.backupCodes].map((column) =>
    ofColumn(
      { what: column === operatorSecondFactors.secret ? "second factors" : "backup codes", by: "sign_in" },
      { table: operatorSecondFactors, id: operatorSecondFactors.id, column },
    ),
  ),
];

const pageSize = 200;

/** The sealed texts of a place, page by page. */
export async function* sealedTexts(
  database: Database,
  { table, id, sealed, holds }: SealedPlace,
): AsyncGenerator<{ id: string; sealed: string }> {
  let after = "";
  for (;;) {
    const page = await database
      .select({ id: sql<string>`${id}`, sealed: sql<string>`${sealed}` })
      .from(table)
      .where(sql`${holds} and ${gt(id, after)}`)
      .orderBy(id)
      .limit(pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id;
  }
}

/** Replaces one sealed text if it still is what was read. @returns whether it was */
export async function replaceSealed(
  database: Database,
  { table, id, sealed, assign }: SealedPlace,
  change: { id: string; from: string; to: string },
): Promise<boolean> {
  const answer = await database.execute(
    sql`update ${table} set ${assign(change.to)} where ${eq(id, change.id)} and ${sealed} = ${change.from}`,
  );
  return answer.rowCount === 1;
}
