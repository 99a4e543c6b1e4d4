import { createHash } from "node:crypto";
import { bulkRefundItems, bulkRefunds, purchases, type Transaction } from "@redress/database";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { answerableOperator } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { parseInput } from "../parse-input.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import { chooseReason } from "../policy/reasons.ts";
import { searchCondition } from "../purchases/search-condition.ts";
import { readSearchTerms } from "../purchases/search-terms.ts";
import { readApp } from "../refunds/refund-row.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import { type BulkRequest, type ListedRow, mostLines, rowSchema } from "./bulk-input.ts";
import { readCsv } from "./read-csv.ts";

const rowsSchema = z
  .array(rowSchema)
  .min(1, "Give at least one purchase")
  .max(mostLines, `A list has at most ${mostLines.toLocaleString("en")} lines: cut it in parts`);

/**
 * Asks for many refunds of one app as a list. Every line is judged next, by itself and in the background; then people
 * approve exactly that list. Nothing is held before they do.
 *
 * @returns its id, and whether it was there before
 * @throws RedressError `app_not_found`, `app_not_connected`, `refunds_stopped`, `reason_unknown`, `csv_invalid`,
 *   `invalid_input`, `request_key_conflict`
 */
export async function requestBulk(
  dependencies: Dependencies,
  request: BulkRequest,
): Promise<{ bulkRefundId: string; repeated: boolean }> {
  const given = givenRows(request);
  const insert = () =>
    dependencies.database.transaction((transaction) => insertList(dependencies, transaction, request, given));
  try {
    return await insert();
  } catch (error) {
    if (violatedConstraint(error) !== "bulk_refunds_request_key") throw error;
    return insert();
  } finally {
    dependencies.wakeOutbox();
  }
}

/** Null: they are to be searched for. */
function givenRows({ source }: BulkRequest): ListedRow[] | null {
  if (source.kind === "filter") return null;
  return parseInput(rowsSchema, source.kind === "csv" ? readCsv(source.text) : source.rows);
}

async function insertList(
  dependencies: Dependencies,
  transaction: Transaction,
  request: BulkRequest,
  given: readonly ListedRow[] | null,
): Promise<{ bulkRefundId: string; repeated: boolean }> {
  const { appId, source, requester, requestKey, correlationId } = request;
  const requestHash = requestKey === undefined ? null : hashRequest(request);
  if (requestKey !== undefined) {
    const earlier = await earlierList(transaction, requester.id, requestKey);
    if (earlier && earlier.requestHash !== requestHash) throw conflict(earlier.id);
    if (earlier) return { bulkRefundId: earlier.id, repeated: true };
  }
  await requireOpen(transaction, appId);
  const { policy } = await policyInForce(transaction, appId);
  const { code: reason } = chooseReason(policy, request.reason);
  const filter = source.kind === "filter" ? source.query.trim() : null;
  const rows = given ?? (await search(transaction, appId, filter ?? ""));
  const now = dependencies.clock.now();
  const id = newId(dependencies.random, "bulkRefund");
  await transaction.insert(bulkRefunds).values({
    ...{ id, appId, source: source.kind, filter, reason, note: request.note ?? null },
    requestedByKind: requester.kind,
    requestedById: requester.id,
    requestedByOwner: answerableOperator(requester),
    ...{ requestKey: requestKey ?? null, requestHash, status: "preparing" as const },
    ...{ itemCount: rows.length, requestedAt: now, workedAt: now },
  });
  await insertLines(transaction, id, rows);
  await recordAudit(dependencies, transaction, {
    ...{ actor: requester, action: "bulk_refund_requested", correlationId, appId },
    after: { status: "preparing" },
    details: { bulkRefundId: id, source: source.kind, lines: rows.length, reason },
  });
  await enqueue(dependencies, transaction, {
    name: "bulk/preparation.due",
    factKey: `bulk.prepare:${id}`,
    data: { bulkRefundId: id },
  });
  return { bulkRefundId: id, repeated: false };
}

async function requireOpen(transaction: Transaction, appId: string): Promise<void> {
  const app = await readApp(transaction, appId);
  if (app.stripeAccountId === null) {
    throw new RedressError(
      "app_not_connected",
      `${app.name} is not connected to Stripe. Connect it in the settings, then ask again.`,
    );
  }
  if (app.refundsStoppedAt !== null) {
    throw new RedressError(
      "refunds_stopped",
      `All refunds of ${app.name} are stopped, so nothing was asked for. Ask an admin of this desk why, and ask again when they run.`,
    );
  }
}

/** What the search finds now, oldest first; a list is not searched for again. */
async function search(transaction: Transaction, appId: string, query: string): Promise<ListedRow[]> {
  const terms = readSearchTerms(query);
  if (terms.length === 0) {
    throw new RedressError(
      "invalid_input",
      "Say which purchases: a filter that is empty would refund all of the app's. Write for instance date:2026-11-01..2026-11-05.",
      { details: { fields: [{ field: "filter", message: "is empty" }] } },
    );
  }
  const found = await transaction
    .select({ id: purchases.id })
    .from(purchases)
    .where(and(eq(purchases.appId, appId), searchCondition(terms)))
    .orderBy(asc(purchases.purchasedAt), asc(purchases.id))
    .limit(mostLines + 1);
  return parseInput(
    rowsSchema,
    found.map(({ id }) => ({ purchase: id })),
  );
}

async function insertLines(
  transaction: Transaction,
  bulkRefundId: string,
  rows: readonly ListedRow[],
): Promise<void> {
  const lines = rows.map(({ purchase, amount }, index) => ({
    ...{ bulkRefundId, position: index + 1, handle: purchase, status: "listed" as const },
    ...{ amount: amount?.amount ?? null, currency: amount?.currency ?? null },
  }));
  // PostgreSQL takes 65,535 parameters of one statement.
  for (let start = 0; start < lines.length; start += 2_000) {
    await transaction.insert(bulkRefundItems).values(lines.slice(start, start + 2_000));
  }
}

async function earlierList(transaction: Transaction, requesterId: string, requestKey: string) {
  const [earlier] = await transaction
    .select({ id: bulkRefunds.id, requestHash: bulkRefunds.requestHash })
    .from(bulkRefunds)
    .where(and(eq(bulkRefunds.requestedById, requesterId), eq(bulkRefunds.requestKey, requestKey)));
  return earlier;
}

function conflict(bulkRefundId: string): RedressError {
  return new RedressError(
    "request_key_conflict",
    "This request id was used for another list. Send a new id, or exactly the first request again.",
    { details: { bulkRefundId } },
  );
}

/** What a request asked for, in one text. */
function hashRequest({ appId, source, reason, note }: BulkRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([appId, source, reason ?? null, note ?? null]))
    .digest("hex");
}
