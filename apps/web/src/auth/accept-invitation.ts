import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { findInvitation } from "@redress/core/operators/invitation-row";
import { operatorInvitations, operatorRoles } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { insertOperator, newOperator, prepareOperator } from "./create-operator.ts";

export const acceptance = newOperator
  .pick({ name: true, password: true })
  .extend({ token: z.string().min(1).max(200) });

/**
 * Makes the account that an invitation is for, with its role, and ends the invitation: all of it or nothing, once.
 *
 * @throws RedressError invitation_ended, invalid_input
 */
export async function acceptInvitation(
  dependencies: Dependencies,
  input: z.output<typeof acceptance> & { correlationId: string },
): Promise<{ operatorId: string; email: string }> {
  const { token, correlationId, name, password } = input;
  const { database, clock, random } = dependencies;
  // Before the password is hashed, which is dear, and again under the lock.
  const { email } = await findInvitation(dependencies, database, token);
  const prepared = await prepareOperator(dependencies, { name, email, password });
  const actor = { kind: "operator", id: prepared.id } as const;
  await database.transaction(async (transaction) => {
    const invitation = await findInvitation(dependencies, transaction, token, true);
    const { appId, role, invitedBy } = invitation;
    await insertOperator(dependencies, transaction, { prepared, actor, correlationId });
    await transaction.insert(operatorRoles).values({
      ...{ id: newId(random, "role"), operatorId: prepared.id, appId, role },
      ...{ grantedAt: clock.now(), grantedBy: invitedBy },
    });
    await transaction
      .update(operatorInvitations)
      .set({ acceptedAt: clock.now(), acceptedBy: prepared.id })
      .where(eq(operatorInvitations.id, invitation.id));
    await recordAudit(dependencies, transaction, {
      ...{ actor, action: "invitation_accepted", correlationId, appId },
      after: { role },
      details: { invitationId: invitation.id, operatorId: prepared.id, invitedBy },
    });
  });
  return { operatorId: prepared.id, email };
}
