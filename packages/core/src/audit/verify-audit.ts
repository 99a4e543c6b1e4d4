import { auditLogs, auditSeals, type Transaction } from "@redress/database";
import { and, asc, eq, gt, isNull, lt, max, min, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { genesisHash, sealedColumns, sealHash } from "./seal.ts";
import { lookBack } from "./seal-audit.ts";

/** A head of the chain that was kept outside the database. */
export interface AuditAnchor {
  readonly number: number;
  readonly hash: string;
  /** That it was sealed in; tells of a month whose seals are all gone. */
  readonly month?: string;
}

export interface BrokenSeal {
  readonly number: number;
  readonly auditLogId: number | null;
  /**
   * `row_added`: an entry stands among sealed ones and has no seal. `anchor_differs`: the chain is whole in
   * itself, but is another than the one that was anchored. `chain_cut`: seals that an anchor names are missing at
   * the end.
   */
  readonly reason:
    | "row_changed"
    | "row_missing"
    | "row_added"
    | "seal_missing"
    | "seal_changed"
    | "anchor_differs"
    | "chain_cut";
}

export interface AuditVerification {
  readonly valid: boolean;
  /** Seals that were checked and are whole. */
  readonly sealed: number;
  /** Rows that wait for their seal. */
  readonly unsealed: number;
  /** Anchors that were met and fit. */
  readonly anchorsMet: number;
  /** The last seal that is whole: keep it outside the database, and give it as an anchor next time. */
  readonly head: AuditAnchor;
  /** The first place where the log is not what was sealed. */
  readonly firstBroken?: BrokenSeal;
}

export interface VerifyInput {
  readonly anchors?: readonly AuditAnchor[];
  /** `2026-11`: this month's piece of the chain alone, bound to the hash before it where that is still there. */
  readonly month?: string | undefined;
  /** Called after each thousand seals. */
  readonly onProgress?: (done: { readonly sealed: number; readonly of: number }) => void;
}

const pageSize = 1_000;

/**
 * Goes through the whole chain, or one month of it, a page at a time and compares every row with its seal. Any
 * edit of a sealed row, and any row or seal removed from within, is found; what was cut off at the end, or made
 * anew from some place on, needs an anchor to be seen.
 */
export async function verifyAudit(
  { database }: Pick<Dependencies, "database">,
  input: VerifyInput = {},
): Promise<AuditVerification> {
  // One snapshot: sealing goes on meanwhile.
  return database.transaction((transaction) => verifyIn(transaction, input), {
    isolationLevel: "repeatable read",
    accessMode: "read only",
  });
}

interface Walk {
  readonly start: AuditAnchor;
  head: AuditAnchor;
  month: string | null;
  anchorsMet: number;
}

async function verifyIn(transaction: Transaction, input: VerifyInput): Promise<AuditVerification> {
  const unsealed = await countUnsealed(transaction);
  const piece = await boundsOf(transaction, input.month);
  const walk: Walk = { start: piece.start, head: piece.start, month: null, anchorsMet: 0 };
  const anchors = mapOf(input.anchors ?? []);
  const conclude = (firstBroken?: BrokenSeal): AuditVerification => ({
    valid: firstBroken === undefined,
    sealed: walk.head.number - walk.start.number,
    unsealed,
    anchorsMet: walk.anchorsMet,
    head: walk.head,
    ...(firstBroken && { firstBroken }),
  });
  const before = anchors.get(walk.start.number);
  if (before && (before.size > 1 || !before.has(walk.start.hash))) {
    return conclude({ number: walk.start.number, auditLogId: null, reason: "anchor_differs" });
  }
  while (walk.head.number < piece.last) {
    const page = await readPage(transaction, walk.head.number, piece.last);
    const broken = takePage(page, walk, anchors);
    if (broken) return conclude(broken);
    if (page.length === 0) {
      return conclude({ number: walk.head.number + 1, auditLogId: null, reason: "seal_missing" });
    }
    input.onProgress?.({
      sealed: walk.head.number - walk.start.number,
      of: piece.last - walk.start.number,
    });
  }
  return conclude(
    cutOff(piece, walk, input) ??
      (input.month === undefined ? await findAdded(transaction) : await whatFollows(transaction, walk.head)),
  );
}

function takePage(page: Page, walk: Walk, anchors: Anchors): BrokenSeal | undefined {
  for (const { seal, row } of page) {
    const reason = whatIsBroken(walk, seal, row);
    if (reason) return { number: walk.head.number + 1, auditLogId: seal.auditLogId, reason };
    const anchored = anchors.get(seal.number);
    if (anchored && (anchored.size > 1 || !anchored.has(seal.hash))) {
      return { number: seal.number, auditLogId: seal.auditLogId, reason: "anchor_differs" };
    }
    if (anchored) walk.anchorsMet += 1;
    walk.head = { number: seal.number, hash: seal.hash };
    walk.month = seal.month;
  }
  return undefined;
}

type Anchors = ReadonlyMap<number, ReadonlySet<string>>;

/** Two anchors of one number must agree: the chain cannot fit both. */
function mapOf(anchors: readonly AuditAnchor[]): Anchors {
  const byNumber = new Map<number, Set<string>>();
  for (const { number, hash } of anchors) {
    byNumber.set(number, (byNumber.get(number) ?? new Set()).add(hash));
  }
  return byNumber;
}

/** Anchors past the end of the chain, or of the month that they say they are of. */
function cutOff(
  { last, chainEnd }: Piece,
  { head }: Walk,
  { anchors = [], month }: VerifyInput,
): BrokenSeal | undefined {
  const isBeyond = (anchor: AuditAnchor) =>
    anchor.number > chainEnd || (month !== undefined && anchor.month === month && anchor.number > last);
  if (!anchors.some(isBeyond)) return undefined;
  return { number: head.number + 1, auditLogId: null, reason: "chain_cut" };
}

/** After a month that is over the next one goes on: its first seal holds the last hash of this one. */
async function whatFollows(transaction: Transaction, head: AuditAnchor): Promise<BrokenSeal | undefined> {
  const [next] = await transaction
    .select()
    .from(auditSeals)
    .where(gt(auditSeals.number, head.number))
    .orderBy(asc(auditSeals.number))
    .limit(1);
  if (!next || head.number === 0) return undefined;
  if (next.number === head.number + 1 && next.previousHash === head.hash) return undefined;
  const reason = next.number === head.number + 1 ? "seal_changed" : "seal_missing";
  return { number: head.number + 1, auditLogId: null, reason };
}

interface Piece {
  /** What stands before the first seal that is checked. */
  readonly start: AuditAnchor;
  readonly last: number;
  readonly chainEnd: number;
}

async function boundsOf(transaction: Transaction, month: string | undefined): Promise<Piece> {
  const [whole] = await transaction.select({ last: max(auditSeals.number) }).from(auditSeals);
  const chainEnd = whole?.last ?? 0;
  const genesis = { number: 0, hash: genesisHash };
  if (month === undefined) return { start: genesis, last: chainEnd, chainEnd };
  const [own] = await transaction
    .select({ first: min(auditSeals.number), last: max(auditSeals.number) })
    .from(auditSeals)
    .where(eq(auditSeals.month, month));
  if (own?.first == null || own.last === null) return { start: genesis, last: 0, chainEnd };
  if (own.first === 1) return { start: genesis, last: own.last, chainEnd };
  const [first] = await transaction.select().from(auditSeals).where(eq(auditSeals.number, own.first));
  const [before] = await transaction
    .select()
    .from(auditSeals)
    .where(eq(auditSeals.number, own.first - 1));
  // The months before may be archived: then the month's first seal says itself what it is bound to.
  const hash = before?.hash ?? first?.previousHash ?? genesisHash;
  return { start: { number: own.first - 1, hash }, last: own.last, chainEnd };
}

type Page = Awaited<ReturnType<typeof readPage>>;

function readPage(transaction: Transaction, after: number, last: number) {
  return transaction
    .select({ seal: auditSeals, row: sealedColumns })
    .from(auditSeals)
    .leftJoin(auditLogs, eq(auditLogs.id, auditSeals.auditLogId))
    .where(and(gt(auditSeals.number, after), sql`${auditSeals.number} <= ${last}`))
    .orderBy(asc(auditSeals.number))
    .limit(pageSize);
}

function whatIsBroken(
  { head, month }: Walk,
  seal: Page[number]["seal"],
  row: Page[number]["row"],
): BrokenSeal["reason"] | null {
  if (seal.number !== head.number + 1) return "seal_missing";
  if (seal.previousHash !== head.hash) return "seal_changed";
  // Months only go on, and none is before there were any.
  if (month !== null && (seal.month === null || seal.month < month)) return "seal_changed";
  if (row === null) return "row_missing";
  if (seal.month === null && row.addressHash !== null) return "row_changed";
  return sealHash(seal, row) === seal.hash ? null : "row_changed";
}

/**
 * Entries that have no seal and never get one, because later ones were sealed long ago: nobody who writes
 * through the desk makes such a one.
 */
async function findAdded(transaction: Transaction): Promise<BrokenSeal | undefined> {
  const [sealed] = await transaction
    .select({ last: sql<string | null>`max(${auditSeals.auditLogId})` })
    .from(auditSeals);
  const [added] = await transaction
    .select({ id: auditLogs.id })
    .from(auditLogs)
    .leftJoin(auditSeals, eq(auditSeals.auditLogId, auditLogs.id))
    .where(and(isNull(auditSeals.number), lt(auditLogs.id, Number(sealed?.last ?? 0) - lookBack)))
    .orderBy(asc(auditLogs.id))
    .limit(1);
  if (!added) return undefined;
  const [next] = await transaction
    .select({ number: min(auditSeals.number) })
    .from(auditSeals)
    .where(gt(auditSeals.auditLogId, added.id));
  return { number: next?.number ?? 0, auditLogId: added.id, reason: "row_added" };
}

async function countUnsealed(transaction: Transaction): Promise<number> {
  const [answer] = await transaction
    .select({ count: sql<string>`count(*)` })
    .from(auditLogs)
    .leftJoin(auditSeals, eq(auditSeals.auditLogId, auditLogs.id))
    .where(isNull(auditSeals.number));
  return Number(answer?.count ?? 0);
}
