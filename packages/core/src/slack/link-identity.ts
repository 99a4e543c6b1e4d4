import { operators, slackIdentities, slackLinkCodes, type Transaction } from "@redress/database";
import { and, asc, eq, inArray, or, type SQL } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newLinkCode, normalizeLinkCode } from "./link-code.ts";

/** How long a code may be on its way from the desk to Slack. */
const codeLifeMs = 10 * 60 * 1000;

export interface SlackUser {
  readonly teamId: string;
  readonly userId: string;
}

/**
 * A code that makes the user of Slack who enters it this operator. It works once, for ten minutes, and ends the one
 * before it.
 *
 * The code goes from the desk to Slack and not the other way: a link in Slack could be sent on to a colleague, whose
 * click at the desk would give the sender the colleague's rights.
 *
 * @returns `code` is kept nowhere in clear
 */
export async function createLinkCode(
  dependencies: Pick<Dependencies, "database" | "clock" | "random" | "secrets">,
  { operatorId }: { operatorId: string },
): Promise<{ code: string; expiresAt: Date }> {
  const code = newLinkCode(dependencies.random);
  const [codeHash] = dependencies.secrets.fingerprints(normalizeLinkCode(code));
  const expiresAt = new Date(dependencies.clock.now().getTime() + codeLifeMs);
  await dependencies.database
    .insert(slackLinkCodes)
    .values({ operatorId, codeHash, expiresAt })
    .onConflictDoUpdate({ target: slackLinkCodes.operatorId, set: { codeHash, expiresAt } });
  return { code, expiresAt };
}

/**
 * Spends a code: from now on the user of Slack is the operator who made it. What either was before ends.
 *
 * @throws RedressError `slack_code_invalid`
 */
export async function linkSlackUser(
  dependencies: Pick<Dependencies, "database" | "clock" | "secrets">,
  input: SlackUser & { code: string; correlationId: string },
): Promise<{ operatorId: string; name: string }> {
  const { teamId, userId, code, correlationId } = input;
  return dependencies.database.transaction(async (transaction) => {
    const operatorId = await spendCode(dependencies, transaction, code);
    const [operator] = await transaction.select().from(operators).where(eq(operators.id, operatorId));
    if (!operator) throw codeInvalid();
    const actor = { kind: "operator", id: operatorId } as const;
    await removeLinks(dependencies, transaction, {
      where: and(
        eq(slackIdentities.teamId, teamId),
        or(eq(slackIdentities.userId, userId), eq(slackIdentities.operatorId, operatorId)),
      ),
      actor,
      correlationId,
    });
    await transaction
      .insert(slackIdentities)
      .values({ teamId, userId, operatorId, linkedAt: dependencies.clock.now() });
    await recordAudit(dependencies, transaction, {
      actor,
      action: "slack_linked",
      correlationId,
      details: { operatorId, teamId, userId },
    });
    return { operatorId, name: operator.name };
  });
}

/**
 * Takes a link away; clicks of that user do nothing from then on.
 *
 * @throws RedressError `slack_identity_not_found`
 */
export async function unlinkSlackUser(
  dependencies: Pick<Dependencies, "database" | "clock">,
  input: SlackUser & { operatorId: string; actor: Actor; correlationId: string },
): Promise<void> {
  const { teamId, userId, operatorId, actor, correlationId } = input;
  await dependencies.database.transaction(async (transaction) => {
    const where = and(
      eq(slackIdentities.teamId, teamId),
      eq(slackIdentities.userId, userId),
      eq(slackIdentities.operatorId, operatorId),
    );
    if ((await removeLinks(dependencies, transaction, { where, actor, correlationId })) > 0) return;
    throw new RedressError("slack_identity_not_found", "This link is gone already. Reload the page.");
  });
}

/** The operator who a user of Slack is; null when nobody has said so. */
export async function operatorOfSlackUser(
  { database }: Pick<Dependencies, "database">,
  { teamId, userId }: SlackUser,
): Promise<string | null> {
  const [found] = await database
    .select({ operatorId: slackIdentities.operatorId })
    .from(slackIdentities)
    .where(and(eq(slackIdentities.teamId, teamId), eq(slackIdentities.userId, userId)));
  return found?.operatorId ?? null;
}

export interface SlackIdentityView extends SlackUser {
  readonly operatorId: string;
  readonly name: string;
  readonly linkedAt: Date;
}

/** @param only one operator's; all when left out */
export async function listSlackIdentities(
  { database }: Pick<Dependencies, "database">,
  only?: { operatorId: string },
): Promise<SlackIdentityView[]> {
  return database
    .select({
      teamId: slackIdentities.teamId,
      userId: slackIdentities.userId,
      operatorId: slackIdentities.operatorId,
      name: operators.name,
      linkedAt: slackIdentities.linkedAt,
    })
    .from(slackIdentities)
    .innerJoin(operators, eq(operators.id, slackIdentities.operatorId))
    .where(only === undefined ? undefined : eq(slackIdentities.operatorId, only.operatorId))
    .orderBy(asc(operators.name), asc(slackIdentities.userId));
}

async function spendCode(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  transaction: Transaction,
  code: string,
): Promise<string> {
  const hashes = [...secrets.fingerprints(normalizeLinkCode(code))];
  const [spent] = await transaction
    .delete(slackLinkCodes)
    .where(inArray(slackLinkCodes.codeHash, hashes))
    .returning();
  if (!spent || spent.expiresAt <= clock.now()) throw codeInvalid();
  return spent.operatorId;
}

async function removeLinks(
  dependencies: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { where, actor, correlationId }: { where: SQL | undefined; actor: Actor; correlationId: string },
): Promise<number> {
  const removed = await transaction.delete(slackIdentities).where(where).returning();
  for (const { operatorId, teamId, userId } of removed) {
    await recordAudit(dependencies, transaction, {
      actor,
      action: "slack_unlinked",
      correlationId,
      details: { operatorId, teamId, userId },
    });
  }
  return removed.length;
}

function codeInvalid(): RedressError {
  return new RedressError(
    "slack_code_invalid",
    "This code is wrong, spent or older than ten minutes. Make a new one at the desk.",
  );
}
