import type { BulkView } from "@redress/core/bulk/bulk-view";

/** What an agent sees of a list: how far it has come, and nobody's name. */
export function leanBulk(list: BulkView) {
  const { id, app, status, source, reason, requestedAt, expiresAt, finishedAt } = list;
  const { itemCount, lines, reasons, refunds, pausedCode, approversNeeded } = list;
  return {
    ...{ id, app, status, source, reason, requestedAt, expiresAt, finishedAt },
    ...{ itemCount, lines, reasons, refunds, pausedCode, approversNeeded },
  };
}
