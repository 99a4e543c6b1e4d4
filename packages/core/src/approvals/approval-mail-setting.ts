import { operators } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";

/** Whether an operator wants requests by e-mail as well; so it is unless they said otherwise. */
export async function readApprovalMail(
  { database }: Pick<Dependencies, "database">,
  { operatorId }: { operatorId: string },
): Promise<boolean> {
  const [row] = await database
    .select({ wanted: operators.mailApprovals })
    .from(operators)
    .where(eq(operators.id, operatorId));
  return row?.wanted ?? false;
}

/** Says so, or takes it back, for oneself. */
export async function setApprovalMail(
  dependencies: Pick<Dependencies, "database" | "clock">,
  input: { operatorId: string; wanted: boolean; correlationId: string },
): Promise<void> {
  const { operatorId, wanted, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const [operator] = await transaction
      .select()
      .from(operators)
      .where(eq(operators.id, operatorId))
      .for("update");
    if (!operator || operator.mailApprovals === wanted) return;
    await transaction
      .update(operators)
      .set({ mailApprovals: wanted, updatedAt: dependencies.clock.now() })
      .where(eq(operators.id, operatorId));
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "approval_mail_changed",
      correlationId,
      before: { mail: operator.mailApprovals },
      after: { mail: wanted },
    });
  });
}
