import type { KnownBlock } from "@slack/types";
import type { ListFacts } from "../bulk/list-facts.ts";
import { escapeText } from "./escape-text.ts";
import { longest, openButton, plain, type RequestMessage } from "./request-message.ts";

/**
 * A list of refunds as a message of Slack. It has a link and no buttons that decide: whoever approves a list has to
 * see its lines first, which a message cannot show.
 */
export function listMessage(facts: ListFacts): RequestMessage {
  const waits = facts.bulk.status === "awaiting_approval";
  return {
    text: escapeText(waits ? facts.headline : facts.outcome, longest.fallback),
    blocks: [
      { type: "header", text: plain(facts.headline, longest.header) },
      ...facts.lines.map(
        ({ label, text }): KnownBlock => ({
          type: "section",
          text: plain(`${label}: ${text}`, longest.section),
        }),
      ),
      ...(waits ? [] : [{ type: "section", text: plain(facts.outcome, longest.section) } as const]),
      { type: "actions", block_id: "redress_list", elements: [openButton(facts)] },
    ],
  };
}
