import type { Button, KnownBlock, PlainTextElement } from "@slack/types";
import type { ApprovalFacts } from "../approvals/approval-facts.ts";
import { hashOfRequest } from "../approvals/shown-request.ts";
import { formatMoney } from "../money.ts";
import { escapeText } from "./escape-text.ts";
import { writeRequestValue } from "./request-value.ts";

export const actionIds = {
  approve: "redress_approve",
  reject: "redress_reject",
  open: "redress_open",
} as const;

/** What Slack takes of a field, a section and a fallback text. */
export const longest = { header: 150, field: 1_900, section: 2_900, fallback: 2_900 };

export interface RequestMessage {
  /** For notifications and for clients that show no blocks. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/**
 * A request as a message of Slack (Block Kit): with its buttons while it waits, with its outcome after. All that
 * people typed is `plain_text` and escaped, so that it stays text.
 */
export function requestMessage(facts: ApprovalFacts): RequestMessage {
  const waits = facts.refund.status === "awaiting_approval";
  const headline = waits ? facts.headline : facts.outcome;
  return {
    text: escapeText(headline, longest.fallback),
    blocks: [
      { type: "header", text: plain(facts.headline, longest.header) },
      ...facts.lines.map(
        ({ label, text }): KnownBlock => ({
          type: "section",
          text: plain(`${label}: ${text}`, longest.section),
        }),
      ),
      ...(waits ? [] : [{ type: "section", text: plain(decidedText(facts), longest.section) } as const]),
      {
        type: "actions",
        block_id: "redress_decide",
        elements: waits ? decisionButtons(facts) : [openButton(facts)],
      },
    ],
  };
}

function decidedText({ outcome, refund }: ApprovalFacts): string {
  const { approval } = refund;
  if (approval?.decidedBy.kind !== "operator") return outcome;
  const by = approval.decidedBy.name ?? approval.decidedBy.id;
  const note = approval.note === null ? "" : ` Note: ${approval.note}`;
  return `${approval.decision === "approved" ? "Approved" : "Rejected"} by ${by}. ${outcome}${note}`;
}

function decisionButtons(facts: ApprovalFacts): Button[] {
  const { id, purchaseId, amount, currency, reason } = facts.refund;
  const value = writeRequestValue({
    refundId: id,
    shown: hashOfRequest({ id, purchaseId, amount, currency, reason }),
  });
  return [
    {
      type: "button",
      action_id: actionIds.approve,
      style: "primary",
      text: plain("Approve", 75),
      value,
      confirm: {
        title: plain("Approve this refund?", 100),
        text: plain(`${formatMoney(facts.refund)} goes back to the customer.`, 300),
        confirm: plain("Approve", 30),
        deny: plain("Not now", 30),
      },
    },
    { type: "button", action_id: actionIds.reject, style: "danger", text: plain("Reject…", 75), value },
    openButton(facts),
  ];
}

export function openButton({ url }: Pick<ApprovalFacts, "url">): Button {
  return { type: "button", action_id: actionIds.open, text: plain("Open in Redress", 75), url };
}

export function plain(text: string, longest: number): PlainTextElement {
  return { type: "plain_text", text: escapeText(text, longest), emoji: false };
}
