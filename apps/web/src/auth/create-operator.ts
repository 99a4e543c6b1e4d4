import type { Actor } from "@redress/core/actor";
import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { operatorCredentials, operators, type Transaction } from "@redress/database";
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

/** A person whose password was hashed, to be inserted. */
interface PreparedOperator {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** Hashes the password, which takes a while, before a transaction is opened for the rest. */
export async function prepareOperator(
  { random }: Pick<Dependencies, "random">,
  { name, email, password }: NewOperator,
): Promise<PreparedOperator> {
  const passwordHash = await hashPassword(password);
  return { id: `opr_${Buffer.from(random.bytes(16)).toString("hex")}`, name, email, passwordHash };
}

/**
 * Makes an operator who can sign in with a password, and has no role yet.
 *
 * @throws RedressError invalid_input when the e-mail address belongs to somebody already
 */
export async function createOperator(
  dependencies: Dependencies,
  input: { actor: Actor; operator: NewOperator; correlationId: string },
): Promise<{ operatorId: string }> {
  const prepared = await prepareOperator(dependencies, input.operator);
  await dependencies.database.transaction((transaction) =>
    insertOperator(dependencies, transaction, { ...input, prepared }),
  );
  return { operatorId: prepared.id };
}

/** @throws RedressError invalid_input when the e-mail address belongs to somebody already */
export async function insertOperator(
  dependencies: Dependencies,
  transaction: Transaction,
  input: { prepared: PreparedOperator; actor: Actor; correlationId: string },
): Promise<void> {
  const { id, name, email, passwordHash: password } = input.prepared;
  const now = dependencies.clock.now();
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
}
