import { rejectionNote } from "@redress/core/approvals/reject-refund";
import { type ListSource, mostLines, rowSchema } from "@redress/core/bulk/bulk-input";
import { bulkItemStatuses, bulkRefundStatuses } from "@redress/database";
import { z } from "zod";
import { decisionBody, listQuery } from "./input.ts";

/** Twenty thousand lines of a CSV, or as many rows. */
export const bulkBodyLimit = 4 * 1024 * 1024;

/** A list of refunds of one app: exactly one of `rows`, `csv` and `filter`. */
export const bulkBody = z
  .strictObject({
    /** Its slug. */
    app: z.string(),
    rows: z.array(rowSchema).min(1).max(mostLines).optional(),
    csv: z.string().min(1).optional(),
    /** The words of a search of purchases. */
    filter: z.string().trim().min(1).max(200).optional(),
    reason: z.string().min(1).max(40).optional(),
    note: decisionBody.shape.note,
  })
  .refine(({ rows, csv, filter }) => [rows, csv, filter].filter((one) => one !== undefined).length === 1, {
    message: "Give exactly one of rows, csv and filter",
  });

export function sourceOf({ rows, csv, filter }: z.infer<typeof bulkBody>): ListSource {
  if (rows !== undefined) return { kind: "rows", rows };
  return csv === undefined ? { kind: "filter", query: filter ?? "" } : { kind: "csv", text: csv };
}

const listHash = z.string().min(1).max(100);

/** The decision on a list: `listHash` says which one was seen. */
export const bulkApprovalBody = z.strictObject({ listHash, note: decisionBody.shape.note });
export const bulkRejectionBody = z.strictObject({ listHash, note: rejectionNote });

const several = <Status extends string>(statuses: readonly [Status, ...Status[]]) =>
  z
    .string()
    .max(200)
    .transform((value) => value.split(","))
    .pipe(z.array(z.enum(statuses)))
    .exactOptional();

export const bulkListQuery = listQuery.extend({ status: several(bulkRefundStatuses) });

/** A page of lines: `after` is `nextAfter` of the page before. */
export const bulkItemsQuery = z.object({
  status: several(bulkItemStatuses),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
