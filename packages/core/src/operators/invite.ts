import { type OperatorRole, operatorInvitations, operators, type Transaction } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { queueMail } from "../mail/queue-mail.ts";
import { type InvitationRow, invitationMs, lockInvitation } from "./invitation-row.ts";

interface By {
  readonly actor: Actor;
  readonly correlationId: string;
}

/**
 * Invites somebody by e-mail to a role in one app, or with `appId` null in all. The link works once, for seven days.
 *
 * @throws RedressError `mail_not_configured`, or `invalid_input` when they are here or invited already
 */
export async function invite(
  dependencies: Dependencies,
  input: By & { email: string; role: OperatorRole; appId: string | null },
): Promise<{ invitationId: string }> {
  requireMail(dependencies);
  const { email, role, appId, actor } = input;
  const id = newId(dependencies.random, "invitation");
  const now = dependencies.clock.now();
  const link = newLink(dependencies);
  await dependencies.database.transaction(async (transaction) => {
    const here = await transaction
      .select({ id: operators.id })
      .from(operators)
      .where(eq(operators.email, email));
    if (here.length > 0) {
      throw new RedressError(
        "invalid_input",
        "Somebody with this e-mail address is here already. Give them the role in the list of people.",
      );
    }
    const made = await transaction
      .insert(operatorInvitations)
      .values({
        ...{ id, email, role, appId, tokenFingerprint: link.fingerprint },
        expiresAt: new Date(now.getTime() + invitationMs),
        invitedBy: actor.id,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning();
    const [row] = made;
    if (!row) {
      throw new RedressError(
        "invalid_input",
        "There is an open invitation to this address. Send it again, or revoke it first.",
      );
    }
    await tell(dependencies, transaction, { row, link: link.url, ...input });
  });
  dependencies.wakeOutbox();
  return { invitationId: id };
}

/**
 * Sends an open invitation again, with a new link for another seven days: the one before ends.
 *
 * @throws RedressError `invitation_not_found`, `mail_not_configured`
 */
export async function sendInvitationAgain(
  dependencies: Dependencies,
  input: By & { invitationId: string },
): Promise<void> {
  requireMail(dependencies);
  const link = newLink(dependencies);
  await dependencies.database.transaction(async (transaction) => {
    const { id, sendCount } = await lockInvitation(transaction, input.invitationId);
    const expiresAt = new Date(dependencies.clock.now().getTime() + invitationMs);
    const [row] = await transaction
      .update(operatorInvitations)
      .set({ tokenFingerprint: link.fingerprint, sendCount: sendCount + 1, expiresAt })
      .where(eq(operatorInvitations.id, id))
      .returning();
    if (row) await tell(dependencies, transaction, { row, link: link.url, ...input });
  });
  dependencies.wakeOutbox();
}

/** Ends an open invitation; its link opens nothing. @throws RedressError `invitation_not_found` */
export async function revokeInvitation(
  dependencies: Dependencies,
  { invitationId, actor, correlationId }: By & { invitationId: string },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const row = await lockInvitation(transaction, invitationId);
    await transaction
      .update(operatorInvitations)
      .set({ revokedAt: dependencies.clock.now() })
      .where(eq(operatorInvitations.id, row.id));
    await recordAudit(dependencies, transaction, {
      ...{ actor, action: "invitation_revoked", correlationId, appId: row.appId },
      details: { invitationId },
    });
  });
}

/** @throws RedressError `mail_not_configured` */
export function requireMail({ mail }: Pick<Dependencies, "mail">): void {
  if (mail.way !== "none") return;
  throw new RedressError(
    "mail_not_configured",
    "This desk sends no mail. Set SMTP_URL and MAIL_FROM and start it again, or add the person with a first password.",
  );
}

/** 256 bits of chance: only who got the mail can know it, so a keyed hash is enough to keep. */
function newLink({ random, secrets, settings }: Dependencies): { url: string; fingerprint: string } {
  const token = Buffer.from(random.bytes(32)).toString("base64url");
  return {
    url: `${settings.publicUrl}/invitation?token=${token}`,
    fingerprint: secrets.fingerprints(token)[0],
  };
}

async function tell(
  dependencies: Dependencies,
  transaction: Transaction,
  { row, link, actor, correlationId }: By & { row: InvitationRow; link: string },
): Promise<void> {
  await queueMail(dependencies, transaction, {
    factKey: `mail:invitation:${row.id}:${row.sendCount}`,
    message: {
      to: row.email,
      subject: "You are invited to Redress",
      text: `You are invited to the refund desk at ${dependencies.settings.publicUrl}, as ${row.role}.\n\nOpen this link within seven days to choose your name and password. It works once.\n\n${link}\n\nIf you did not expect this, do nothing.\n`,
    },
  });
  await recordAudit(dependencies, transaction, {
    ...{ actor, action: "invitation_sent", correlationId, appId: row.appId },
    after: { role: row.role },
    details: { invitationId: row.id, sendCount: row.sendCount },
  });
}
