import type { Actor } from "@redress/core/actor";
import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { operatorCredentials, operators } from "@redress/database";
import { hashPassword } from "better-auth/crypto";
import { z } from "zod";
import { minimumPasswordLength } from "./auth.ts";

/** What a new operator is made of, for forms and REST. */
export const newOperator = z.object({
  name: z.string().trim().min(1, "Give the name that colleagues see.").max(100),
  email: z.email("This is not an e-mail address.").max(254).toLowerCase(),
  password: z
    .string()
    .min(minimumPasswordLength, `Choose at least ${minimumPasswordLength} characters.`)
    .max(128, "Choose at most 128 characters."),
});
export type NewOperator = z.output<typeof newOperator>;

/**
 * Makes an operator who can sign in with a password, and has no role yet.
 *
 * @throws RedressError invalid_input when the e-mail address belongs to somebody already
 */
export async function createOperator(
  dependencies: Dependencies,
  input: { actor: Actor; operator: NewOperator; correlationId: string },
): Promise<{ operatorId: string }> {
  const { name, email } = input.operator;
  const now = dependencies.clock.now();
  const password = await hashPassword(input.operator.password);
  const id = `opr_${Buffer.from(dependencies.random.bytes(16)).toString("hex")}`;
  await dependencies.database.transaction(async (transaction) => {
    const made = await transaction
      .insert(operators)
      .values({ id, name, email, createdAt: now, updatedAt: now })
      .onConflictDoNothing({ target: operators.email })
      .returning({ id: operators.id });
    if (made.length === 0) {
      throw new RedressError(
        "invalid_input",
        "Somebody with this e-mail address is here already. Use another.",
      );
    }
    // The shape in which better-auth keeps a password.
    await transaction.insert(operatorCredentials).values({
      id: `${id}_password`,
      accountId: id,
      providerId: "credential",
      userId: id,
      password,
      createdAt: now,
      updatedAt: now,
    });
    await recordAudit(dependencies, transaction, {
      actor: input.actor,
      action: "operator_created",
      correlationId: input.correlationId,
      details: { operatorId: id },
    });
  });
  return { operatorId: id };
}
