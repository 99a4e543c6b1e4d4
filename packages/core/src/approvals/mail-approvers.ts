import { type ApproverRole, operators } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";
import type { Dependencies, MailMessage } from "../dependencies.ts";
import { queueMail } from "../mail/queue-mail.ts";
import { readGrants } from "../operators/grants.ts";
import { mayApprove } from "../operators/permissions.ts";

/** What is to be approved, and who asked for it or answers for the agent that did. */
export interface Approvable {
  readonly appId: string;
  readonly approverRole: ApproverRole;
  readonly owner: string;
}

/** The last sentence of each message. */
export const mailEnding =
  "This message approves nothing by itself. You get it because you may approve; switch it off under Settings, Slack and e-mail.";

/**
 * Writes to those who may approve something now and want to be written to, each once an occasion; never to whoever
 * asked, or whose agent did.
 *
 * @returns how many messages were queued
 */
export async function mailApprovers(
  dependencies: Dependencies,
  about: { request: Approvable; occasionKey: string; message: Pick<MailMessage, "subject" | "text"> },
): Promise<number> {
  const { request, occasionKey, message } = about;
  const readers = await approversOf(dependencies, request);
  let count = 0;
  await dependencies.database.transaction(async (transaction) => {
    for (const { id, email } of readers) {
      const queued = await queueMail(dependencies, transaction, {
        factKey: `mail:${occasionKey}:${id}`,
        message: { to: email, ...message },
      });
      if (queued !== null) count += 1;
    }
  });
  dependencies.wakeOutbox();
  return count;
}

async function approversOf(
  { database }: Pick<Dependencies, "database">,
  request: Approvable,
): Promise<{ id: string; email: string }[]> {
  const people = await database
    .select({ id: operators.id, email: operators.email })
    .from(operators)
    .where(and(eq(operators.mailApprovals, true), ne(operators.id, request.owner)))
    .orderBy(operators.id);
  const readers: { id: string; email: string }[] = [];
  for (const person of people) {
    if (mayApprove(await readGrants({ database }, person.id), request)) readers.push(person);
  }
  return readers;
}
