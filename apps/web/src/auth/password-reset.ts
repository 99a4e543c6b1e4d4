import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { queueMail } from "@redress/core/mail/queue-mail";
import { operators } from "@redress/database";
import { eq } from "drizzle-orm";

/** Queues the link for whoever forgot their password; who was shut out gets none. */
export async function mailPasswordReset(
  dependencies: Dependencies,
  { user, token }: { user: { id: string; email: string }; token: string },
): Promise<void> {
  const { database, settings, random } = dependencies;
  if (await isDeactivated(dependencies, user.id)) return;
  await database.transaction(async (transaction) => {
    await queueMail(dependencies, transaction, {
      factKey: `mail:password-reset:${newId(random, "correlation")}`,
      message: {
        to: user.email,
        subject: "Choose a new password for Redress",
        text: `Open this link within an hour to choose a new password for ${settings.publicUrl}. It works once, and signs you out everywhere.\n\n${settings.publicUrl}/reset-password?token=${token}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n`,
      },
    });
  });
  dependencies.wakeOutbox();
}

export async function isDeactivated(
  { database }: Pick<Dependencies, "database">,
  operatorId: string,
): Promise<boolean> {
  const [person] = await database
    .select({ deactivatedAt: operators.deactivatedAt })
    .from(operators)
    .where(eq(operators.id, operatorId));
  return person === undefined || person.deactivatedAt !== null;
}

/** After it was reset; better-auth has ended the person's sessions. */
export async function notePasswordReset(dependencies: Dependencies, operatorId: string): Promise<void> {
  await dependencies.database.transaction((transaction) =>
    recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "password_reset",
      correlationId: newId(dependencies.random, "correlation"),
      details: { operatorId },
    }),
  );
}
