import { auditLogs, auditSeals, type Transaction } from "@redress/database";
import { asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { genesisHash, sealedColumns, sealHash } from "./seal.ts";

/** A head of the chain that was kept outside the database. */
export interface AuditAnchor {
  readonly number: number;
  readonly hash: string;
}

export interface BrokenSeal {
  readonly number: number;
  readonly auditLogId: number | null;
  /** `chain_cut`: seals that once were there are missing at the end, or do not fit the anchor. */
  readonly reason: "row_changed" | "row_missing" | "seal_missing" | "seal_changed" | "chain_cut";
}

export interface AuditVerification {
  readonly valid: boolean;
  /** Seals that were checked and are whole. */
  readonly sealed: number;
  /** Rows that wait for their seal. */
  readonly unsealed: number;
  /** The last seal that is whole: keep it outside the database, and give it as `anchor` next time. */
  readonly head: AuditAnchor;
  /** The first place where the log is not what was sealed. */
  readonly firstBroken?: BrokenSeal;
}

const pageSize = 1_000;

/**
 * Goes through the whole chain and compares every row with its seal. Any edit of a sealed row, and any row
 * or seal removed from within, is found; what was cut off at the end needs an anchor to be seen.
 */
export async function verifyAudit(
  { database }: Pick<Dependencies, "database">,
  input: { anchor?: AuditAnchor } = {},
): Promise<AuditVerification> {
  // One snapshot: sealing goes on meanwhile.
  return database.transaction((transaction) => verifyIn(transaction, input.anchor), {
    isolationLevel: "repeatable read",
    accessMode: "read only",
  });
}

async function verifyIn(
  transaction: Transaction,
  anchor: AuditAnchor | undefined,
): Promise<AuditVerification> {
  const unsealed = await countUnsealed(transaction);
  let head: AuditAnchor = { number: 0, hash: genesisHash };
  const broken = (firstBroken: BrokenSeal): AuditVerification => ({
    valid: false,
    sealed: head.number,
    unsealed,
    head,
    firstBroken,
  });
  for (;;) {
    const page = await readPage(transaction, head.number);
    for (const { seal, row } of page) {
      const reason = whatIsBroken(head, seal, row);
      if (reason) return broken({ number: head.number + 1, auditLogId: seal.auditLogId, reason });
      head = { number: seal.number, hash: seal.hash };
      if (anchor?.number === head.number && anchor.hash !== head.hash) {
        return broken({ number: head.number, auditLogId: seal.auditLogId, reason: "chain_cut" });
      }
    }
    if (page.length < pageSize) break;
  }
  if (anchor && anchor.number > head.number) {
    return broken({ number: head.number + 1, auditLogId: null, reason: "chain_cut" });
  }
  return { valid: true, sealed: head.number, unsealed, head };
}

type Page = Awaited<ReturnType<typeof readPage>>;

function readPage(transaction: Transaction, after: number) {
  return transaction
    .select({ seal: auditSeals, row: sealedColumns })
    .from(auditSeals)
    .leftJoin(auditLogs, eq(auditLogs.id, auditSeals.auditLogId))
    .where(gt(auditSeals.number, after))
    .orderBy(asc(auditSeals.number))
    .limit(pageSize);
}

function whatIsBroken(
  head: AuditAnchor,
  seal: Page[number]["seal"],
  row: Page[number]["row"],
): BrokenSeal["reason"] | null {
  if (seal.number !== head.number + 1) return "seal_missing";
  if (seal.previousHash !== head.hash) return "seal_changed";
  if (row === null) return "row_missing";
  return sealHash(seal.number, seal.previousHash, row) === seal.hash ? null : "row_changed";
}

async function countUnsealed(transaction: Transaction): Promise<number> {
  const [answer] = await transaction
    .select({ count: sql<string>`count(*)` })
    .from(auditLogs)
    .leftJoin(auditSeals, eq(auditSeals.auditLogId, auditLogs.id))
    .where(isNull(auditSeals.number));
  return Number(answer?.count ?? 0);
}
