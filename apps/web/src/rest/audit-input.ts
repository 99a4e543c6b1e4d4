import { exportFormats } from "@redress/core/audit/export-audit";
import { actorKinds } from "@redress/core/audit/filter-audit";
import { z } from "zod";

const id = z.string().max(100).exactOptional();
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], "must be a date such as 2026-11-01")
  .transform((text) => new Date(text))
  .exactOptional();

/** Which entries of the audit log are wanted. Dates are midnight UTC, or ISO 8601 with a time zone. */
export const auditQuery = z.object({
  refundId: id,
  purchaseId: id,
  /** An app's slug. */
  app: id,
  actorKind: z.enum(actorKinds).exactOptional(),
  /** An operator's or a key's id. */
  actor: id,
  action: id,
  correlationId: id,
  from: moment,
  to: moment,
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditExportQuery = auditQuery.extend({ format: z.enum(exportFormats).default("jsonl") });
