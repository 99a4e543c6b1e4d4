import { refunds } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { oneLine } from "../mail/one-line.ts";
import type { ApprovalOccasion } from "../outbox/messages.ts";
import { type ApprovalFacts, readApprovalFacts } from "./approval-facts.ts";
import { mailApprovers, mailEnding } from "./mail-approvers.ts";

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
  const [request] = await dependencies.database
    .select({ appId: refunds.appId, approverRole: refunds.approverRole, owner: refunds.requestedByOwner })
    .from(refunds)
    .where(eq(refunds.id, refundId));
  if (!request) return 0;
  const message = { subject: subjectOf(facts), text: textOf(facts, opening) };
  return mailApprovers(dependencies, { request, occasionKey, message });
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
    mailEnding,
  ].join("\n");
}
