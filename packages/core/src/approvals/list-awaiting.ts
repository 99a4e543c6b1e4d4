import type { Dependencies } from "../dependencies.ts";
import { listRefunds } from "../refunds/list-refunds.ts";
import type { RefundSummary } from "../refunds/refund-view.ts";

/** Requests of the given apps that wait for a person, newest first; pages as `listRefunds`. */
export function listAwaiting(
  dependencies: Pick<Dependencies, "database">,
  input: {
    appIds: readonly string[] | "all";
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ refunds: RefundSummary[]; nextCursor: string | null }> {
  return listRefunds(dependencies, { ...input, statuses: ["awaiting_approval"] });
}
