import {
  operatorSecondFactors,
  operatorSessions,
  operators,
  operatorVerifications,
  type Transaction,
} from "@redress/database";
import { and, eq, isNull, like } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { lockRoles, requireAnotherAdmin } from "./grants.ts";

interface Change {
  readonly actor: Actor;
  readonly operatorId: string;
  readonly correlationId: string;
}

/**
 * Shuts somebody out without forgetting what they did: their sessions end, they cannot sign in, and the keys that
 * they answer for do nothing from the next call on. Roles and keys stay, for `activate`.
 *
 * @throws RedressError `invalid_input` for nobody, oneself, or the only administrator of all apps
 */
export async function deactivate(dependencies: Dependencies, change: Change): Promise<void> {
  const { actor, operatorId } = change;
  if (actor.id === operatorId) {
    throw new RedressError("invalid_input", "You cannot deactivate yourself. Ask another administrator.");
  }
  await dependencies.database.transaction(async (transaction) => {
    await lockRoles(transaction);
    await requireAnotherAdmin(transaction, operatorId);
    const changed = await transaction
      .update(operators)
      .set({ deactivatedAt: dependencies.clock.now() })
      .where(and(eq(operators.id, operatorId), isNull(operators.deactivatedAt)))
      .returning({ id: operators.id });
    if (changed.length === 0) throw nobody();
    await transaction.delete(operatorSessions).where(eq(operatorSessions.userId, operatorId));
    await note(dependencies, transaction, { ...change, action: "operator_deactivated" });
  });
}

/** Lets somebody in again, with the roles and keys that they had. @throws RedressError `invalid_input` for nobody */
export async function activate(dependencies: Dependencies, change: Change): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const changed = await transaction
      .update(operators)
      .set({ deactivatedAt: null })
      .where(eq(operators.id, change.operatorId))
      .returning({ id: operators.id });
    if (changed.length === 0) throw nobody();
    await note(dependencies, transaction, { ...change, action: "operator_activated" });
  });
}

/** Ends all sessions of somebody, or the one with this id. One entry in the log for each call that ended any. */
export async function endSessions(
  dependencies: Dependencies,
  change: Change & { sessionId?: string },
): Promise<{ ended: number }> {
  const { operatorId, sessionId } = change;
  return dependencies.database.transaction(async (transaction) => {
    const gone = await transaction
      .delete(operatorSessions)
      .where(
        and(
          eq(operatorSessions.userId, operatorId),
          sessionId === undefined ? undefined : eq(operatorSessions.id, sessionId),
        ),
      )
      .returning({ id: operatorSessions.id });
    if (gone.length > 0) {
      await note(dependencies, transaction, { ...change, action: "session_ended", count: gone.length });
    }
    return { ended: gone.length };
  });
}

/** Signs everybody out, with one entry in the log. @returns how many sessions ended */
export async function endAllSessions(
  dependencies: Dependencies,
  { actor, correlationId }: Pick<Change, "actor" | "correlationId">,
): Promise<number> {
  return dependencies.database.transaction(async (transaction) => {
    const gone = await transaction.delete(operatorSessions).returning({ id: operatorSessions.id });
    await recordAudit(dependencies, transaction, {
      ...{ actor, action: "session_ended", correlationId },
      details: { everybody: true, count: gone.length },
    });
    return gone.length;
  });
}

/** Takes somebody's second factor away, for who lost the phone; they are signed out. @throws RedressError `invalid_input` */
export async function resetSecondFactor(dependencies: Dependencies, change: Change): Promise<void> {
  const { operatorId } = change;
  await dependencies.database.transaction(async (transaction) => {
    const gone = await transaction
      .delete(operatorSecondFactors)
      .where(eq(operatorSecondFactors.userId, operatorId))
      .returning({ id: operatorSecondFactors.id });
    if (gone.length === 0)
      throw new RedressError("invalid_input", "This person has no second factor to reset.");
    await transaction.update(operators).set({ twoFactorEnabled: false }).where(eq(operators.id, operatorId));
    // Devices that were once trusted to need no code.
    await transaction
      .delete(operatorVerifications)
      .where(
        and(
          like(operatorVerifications.identifier, "trust-device-%"),
          eq(operatorVerifications.value, operatorId),
        ),
      );
    await transaction.delete(operatorSessions).where(eq(operatorSessions.userId, operatorId));
    await note(dependencies, transaction, { ...change, action: "second_factor_reset" });
  });
}

const nobody = () =>
  new RedressError("invalid_input", "There is no such active person on this desk. Reload the page.");

async function note(
  dependencies: Dependencies,
  transaction: Transaction,
  {
    action,
    actor,
    operatorId,
    correlationId,
    count,
  }: Change & {
    action: "operator_deactivated" | "operator_activated" | "session_ended" | "second_factor_reset";
    count?: number;
  },
): Promise<void> {
  const details = count === undefined ? { operatorId } : { operatorId, count };
  await recordAudit(dependencies, transaction, { actor, action, correlationId, details });
}
