import { auditLogs } from "@redress/database";
import { and, eq, gte, inArray, lt, type SQL } from "drizzle-orm";
import type { Actor } from "../actor.ts";

/** Which entries of the log are wanted; what is not given does not matter. */
export interface AuditFilter {
  /** Entries about no app (operators, for one) are there only for `all`. */
  readonly appIds?: readonly string[] | "all";
  readonly refundId?: string | undefined;
  readonly purchaseId?: string | undefined;
  readonly actorKind?: Actor["kind"] | undefined;
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly correlationId?: string | undefined;
  /** From this moment on. */
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
}

export const actorKinds = auditLogs.actorKind.enumValues;

/** The condition on `audit_logs`. */
export function auditCondition(filter: AuditFilter): SQL | undefined {
  const { appIds = "all", from, to } = filter;
  return and(
    appIds === "all" ? undefined : inArray(auditLogs.appId, [...appIds]),
    filter.refundId === undefined ? undefined : eq(auditLogs.refundId, filter.refundId),
    filter.purchaseId === undefined ? undefined : eq(auditLogs.purchaseId, filter.purchaseId),
    filter.actorKind === undefined ? undefined : eq(auditLogs.actorKind, filter.actorKind),
    filter.actorId === undefined ? undefined : eq(auditLogs.actorId, filter.actorId),
    filter.action === undefined ? undefined : eq(auditLogs.action, filter.action),
    filter.correlationId === undefined ? undefined : eq(auditLogs.correlationId, filter.correlationId),
    from === undefined ? undefined : gte(auditLogs.at, from),
    to === undefined ? undefined : lt(auditLogs.at, to),
  );
}
