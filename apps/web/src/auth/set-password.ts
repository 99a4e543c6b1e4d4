import type { Actor } from "@redress/core/actor";
import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { operatorCredentials, operatorSessions } from "@redress/database";
import { hashPassword } from "better-auth/crypto";
import { and, eq } from "drizzle-orm";

/**
 * Replaces an operator's password and ends their sessions, so that whoever knew the old one is out.
 *
 * @throws RedressError invalid_input when there is no such operator
 */
export async function setPassword(
  dependencies: Dependencies,
  input: { operatorId: string; password: string; actor: Actor; correlationId: string },
): Promise<void> {
  const { operatorId, actor, correlationId } = input;
  const password = await hashPassword(input.password);
  await dependencies.database.transaction(async (transaction) => {
    const changed = await transaction
      .update(operatorCredentials)
      .set({ password, updatedAt: dependencies.clock.now() })
      .where(
        and(eq(operatorCredentials.userId, operatorId), eq(operatorCredentials.providerId, "credential")),
      )
      .returning({ id: operatorCredentials.id });
    if (changed.length === 0) {
      throw new RedressError("invalid_input", "There is no such person on this desk. Reload the page.");
    }
    await transaction.delete(operatorSessions).where(eq(operatorSessions.userId, operatorId));
    await recordAudit(dependencies, transaction, {
      actor,
      action: "operator_password_set",
      correlationId,
      details: { operatorId },
    });
  });
}
