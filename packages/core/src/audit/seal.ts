import { createHash } from "node:crypto";
import { auditLogs } from "@redress/database";
import { sql } from "drizzle-orm";

/** What stands before the first seal. */
export const genesisHash = "0".repeat(64);

/**
 * A row of the log as it is sealed. The JSON columns are taken as PostgreSQL writes them, which for `jsonb`
 * is one text per value: nothing is lost to the number type of a programming language.
 */
export const sealedColumns = {
  id: auditLogs.id,
  at: auditLogs.at,
  actorKind: auditLogs.actorKind,
  actorId: auditLogs.actorId,
  action: auditLogs.action,
  appId: auditLogs.appId,
  purchaseId: auditLogs.purchaseId,
  refundId: auditLogs.refundId,
  correlationId: auditLogs.correlationId,
  before: sql<string | null>`${auditLogs.before}::text`,
  after: sql<string | null>`${auditLogs.after}::text`,
  details: sql<string>`${auditLogs.details}::text`,
  addressHash: auditLogs.addressHash,
};

export interface SealedRow {
  readonly id: number;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly appId: string | null;
  readonly purchaseId: string | null;
  readonly refundId: string | null;
  readonly correlationId: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly details: string;
  readonly addressHash: string | null;
}

/** Where a row stands in the chain. */
export interface SealPlace {
  readonly number: number;
  readonly previousHash: string;
  readonly sealedAt: Date;
  /** Null: it was sealed before there were months. */
  readonly month: string | null;
}

/** The month of a moment, in UTC: `2026-11`. */
export const monthOf = (moment: Date): string => moment.toISOString().slice(0, 7);

/**
 * The seal of a row: SHA-256 (hex) over its place in the chain and every column, as a JSON array in this fixed
 * order. Seals of before there were months keep the order of their time, which had less in it.
 */
export function sealHash({ number, previousHash, sealedAt, month }: SealPlace, row: SealedRow): string {
  const content = [
    row.id,
    row.at.toISOString(),
    row.actorKind,
    row.actorId,
    row.action,
    row.appId,
    row.purchaseId,
    row.refundId,
    row.correlationId,
    row.before,
    row.after,
    row.details,
  ];
  const sealed =
    month === null
      ? [number, previousHash, ...content]
      : ["month", month, number, previousHash, sealedAt.toISOString(), ...content, row.addressHash];
  return createHash("sha256").update(JSON.stringify(sealed)).digest("hex");
}
