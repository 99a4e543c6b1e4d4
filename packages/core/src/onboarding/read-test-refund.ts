import { type Queryable, refunds, testRefunds } from "@redress/database";
import { and, desc, eq } from "drizzle-orm";

/** The newest test of a connection. */
export interface TestRefundView {
  readonly id: string;
  readonly startedAt: Date;
  readonly purchaseId: string | null;
  readonly refundId: string | null;
  /** Of its refund; null while there is none. */
  readonly status: (typeof refunds.$inferSelect)["status"] | null;
  readonly error: string | null;
}

/** The newest test of this account for this app. */
export async function readTestRefund(
  database: Queryable,
  { appId, accountId }: { appId: string; accountId: string },
): Promise<TestRefundView | null> {
  const { id, startedAt, purchaseId, refundId, error } = testRefunds;
  const [row] = await database
    .select({ id, startedAt, purchaseId, refundId, error, status: refunds.status })
    .from(testRefunds)
    .leftJoin(refunds, eq(refunds.id, testRefunds.refundId))
    .where(and(eq(testRefunds.appId, appId), eq(testRefunds.stripeAccountId, accountId)))
    .orderBy(desc(testRefunds.startedAt))
    .limit(1);
  return row ?? null;
}
