import { approvalEndorsements } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import type { RefundRow } from "../refunds/refund-row.ts";

/** Those of the request's present asking that were not taken back. */
export const standingEndorsements = ({ id, asking }: Pick<RefundRow, "id" | "asking">) =>
  and(
    eq(approvalEndorsements.refundId, id),
    eq(approvalEndorsements.asking, asking),
    isNull(approvalEndorsements.takenBackAt),
  );
