import { operators, refunds } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { oneLine } from "../mail/one-line.ts";
import { queueMail } from "../mail/queue-mail.ts";
import { readGrants } from "../operators/grants.ts";
import { mayApprove } from "../operators/permissions.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";
import { type ApprovalFacts, readApprovalFacts } from "./approval-facts.ts";

/**
 * Writes to those who may approve a request, each once an occasion. The message leads to the request's page, which
 * asks them to sign in and to decide there: opening it changes nothing.
 *
 * @returns how many messages were queued
 */
export async function tellByMail(
  dependencies: Dependencies,
  about: { refundId: string; occasion: ApprovalOccasion; occasionKey: string },
): Promise<number> {
  const { refundId, occasion, occasionKey } = about;
  const opening = openings[occasion];
  if (opening === null || dependencies.mail.way === "none") return 0;
  const facts = await readApprovalFacts(dependencies, { refundId });
  if (facts.refund.status !== "awaiting_approval") return 0;
  const readers = await approversOf(dependencies, refundId);
  const message = { subject: subjectOf(facts), text: textOf(facts, opening) };
  let count = 0;
  await dependencies.database.transaction(async (transaction) => {
    for (const { id, email } of readers) {
      const factKey = `mail:${occasionKey}:${id}`;
      const queued = await queueMail(dependencies, transaction, {
        factKey,
        message: { to: email, ...message },
      });
      if (queued !== null) count += 1;
    }
  });
  dependencies.wakeOutbox();
  return count;
}

/** How the message begins. Null: not worth a message, the console and Slack show it. */
const openings: Readonly<Record<ApprovalOccasion, string | null>> = {
  asked: "A refund waits for somebody who may approve it.",
  reminder: "A refund still waits for somebody who may approve it.",
  escalated: "Nobody has decided on this refund yet; you may as well.",
  decided: null,
  commented: null,
};

function subjectOf({ headline }: ApprovalFacts): string {
  return oneLine(headline).slice(0, 200);
}

function textOf({ lines, url }: ApprovalFacts, opening: string): string {
  return [
    opening,
    "",
    ...lines.map(({ label, text }) => `${label}: ${oneLine(text)}`),
    "",
    `Decide here, signed in: ${url}`,
    "",
    "This message approves nothing by itself. You get it because you may approve; switch it off under Settings, Slack and e-mail.",
  ].join("\n");
}

/** Those who may approve it now and want to be written to; never whoever asked, or whose agent did. */
async function approversOf(
  { database }: Pick<Dependencies, "database">,
  refundId: string,
): Promise<{ id: string; email: string }[]> {
  const [refund] = await database
    .select({ appId: refunds.appId, approverRole: refunds.approverRole, owner: refunds.requestedByOwner })
    .from(refunds)
    .where(eq(refunds.id, refundId));
  if (!refund) return [];
  const people = await database
    .select({ id: operators.id, email: operators.email })
    .from(operators)
    .where(and(eq(operators.mailApprovals, true), ne(operators.id, refund.owner)))
    .orderBy(operators.id);
  const readers: { id: string; email: string }[] = [];
  for (const person of people) {
    if (mayApprove(await readGrants({ database }, person.id), refund)) readers.push(person);
  }
  return readers;
}
