import { operatorInvitations, type Queryable } from "@redress/database";
import { and, eq, gt, inArray, isNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";

export type InvitationRow = typeof operatorInvitations.$inferSelect;

/** How long a link works. */
export const invitationMs = 7 * 24 * 60 * 60_000;

/** Neither accepted nor revoked; it may have lapsed. */
export const isOpenInvitation = and(
  isNull(operatorInvitations.acceptedAt),
  isNull(operatorInvitations.revokedAt),
);

/**
 * The invitation that a link's token opens.
 *
 * @param lock true: nobody else ends it before this transaction does
 * @throws RedressError `invitation_ended` for one that was used, revoked, lapsed, sent anew, or never made
 */
export async function findInvitation(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  database: Queryable,
  token: string,
  lock = false,
): Promise<InvitationRow> {
  const query = database
    .select()
    .from(operatorInvitations)
    .where(
      and(
        inArray(operatorInvitations.tokenFingerprint, [...secrets.fingerprints(token)]),
        isOpenInvitation,
        gt(operatorInvitations.expiresAt, clock.now()),
      ),
    );
  const [row] = await (lock ? query.for("update") : query);
  if (row) return row;
  throw new RedressError(
    "invitation_ended",
    "This invitation was used, revoked or sent anew, or is older than seven days. Ask an administrator to send another.",
  );
}

/** @throws RedressError `invitation_not_found` when there is none, or it has ended */
export async function lockInvitation(database: Queryable, id: string): Promise<InvitationRow> {
  const [row] = await database
    .select()
    .from(operatorInvitations)
    .where(and(eq(operatorInvitations.id, id), isOpenInvitation))
    .for("update");
  if (row) return row;
  throw new RedressError(
    "invitation_not_found",
    "This invitation was accepted or revoked already. Reload the page to see who is here.",
  );
}
