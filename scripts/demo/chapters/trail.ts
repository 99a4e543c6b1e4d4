import { chapter, eventually, expectEqual, step } from "../report.ts";
import type { Chapter } from "./cast.ts";

export const trail: Chapter = async (cast) => {
  chapter("The trail");
  const verdict = await eventually("The seal on every entry", async () => {
    const verified = await cast.admin.call<{ valid: boolean; sealed: number; unsealed: number }>(
      "GET",
      "/api/v1/audit/verify",
    );
    return verified.unsealed === 0 && verified;
  });
  expectEqual("The audit chain", verdict.valid, true);
  step("Every change has its entry, and the chain over them is whole", { entries: verdict.sealed });

  const { rows } = await cast.world.database.query(
    `select count(*)::int as count from refunds r
      where r.status in ('succeeded', 'failed') and not exists (
        select 1 from audit_logs a where a.refund_id = r.id and a.action = 'refund_confirmed'
          and a.purchase_id = r.purchase_id and a.details->>'stripeRefundId' = r.stripe_refund_id)`,
  );
  expectEqual("Refunds without a confirmation in the log", rows[0]?.count, 0);
};
