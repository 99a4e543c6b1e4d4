import { mailApprovers, mailEnding } from "../approvals/mail-approvers.ts";
import type { Dependencies } from "../dependencies.ts";
import { oneLine } from "../mail/one-line.ts";
import type { BulkOccasion } from "../outbox/messages.ts";
import { readListFacts } from "./list-facts.ts";

/**
 * Writes to those who may approve a list that it waits, each once. The message leads to the list's page: opening it
 * changes nothing. That it was decided is not worth a message.
 *
 * @returns how many messages were queued
 */
export async function mailOfList(
  dependencies: Dependencies,
  about: { bulkRefundId: string; occasion: BulkOccasion; occasionKey: string },
): Promise<number> {
  const { bulkRefundId, occasion, occasionKey } = about;
  if (occasion !== "asked" || dependencies.mail.way === "none") return 0;
  const { bulk, headline, lines, url } = await readListFacts(dependencies, { bulkRefundId });
  if (bulk.status !== "awaiting_approval") return 0;
  const text = [
    "A list of refunds waits for somebody who may approve it.",
    "",
    ...lines.map((line) => `${line.label}: ${oneLine(line.text)}`),
    "",
    `See its lines and decide here, signed in: ${url}`,
    "",
    mailEnding,
  ].join("\n");
  return mailApprovers(dependencies, {
    request: { appId: bulk.app.id, approverRole: bulk.approverRole, owner: bulk.requestedByOwner },
    occasionKey,
    message: { subject: oneLine(headline).slice(0, 200), text },
  });
}
