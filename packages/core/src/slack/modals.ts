import type { ModalView } from "@slack/types";
import { plain } from "./request-message.ts";

export const viewIds = { reject: "redress_reject", link: "redress_link" } as const;
/** The one field of each form. */
export const fieldId = "redress_field";

/** @param value of the button, which the form carries on */
export function rejectModal(value: string): ModalView {
  return {
    type: "modal",
    callback_id: viewIds.reject,
    private_metadata: value,
    title: plain("Reject refund", 24),
    submit: plain("Reject", 24),
    close: plain("Back", 24),
    blocks: [
      {
        type: "input",
        block_id: fieldId,
        label: plain("Why is it rejected?", 150),
        hint: plain("Kept with the request; the customer does not see it.", 150),
        element: {
          type: "plain_text_input",
          action_id: fieldId,
          multiline: true,
          min_length: 1,
          max_length: 2_000,
        },
      },
    ],
  };
}

/** Asks an unknown user for the code that the desk shows to the operator who they are. */
export function linkModal(publicUrl: string): ModalView {
  return {
    type: "modal",
    callback_id: viewIds.link,
    title: plain("Who are you?", 24),
    submit: plain("Link", 24),
    close: plain("Back", 24),
    blocks: [
      {
        type: "section",
        text: plain(
          `Redress does not know yet which of its operators you are. Sign in at ${publicUrl}/settings/slack, make a code there, and enter it here. Enter only a code that you made yourself.`,
          2_900,
        ),
      },
      {
        type: "input",
        block_id: fieldId,
        label: plain("Code", 150),
        element: { type: "plain_text_input", action_id: fieldId, max_length: 40 },
      },
    ],
  };
}

export function linkedModal(name: string): ModalView {
  return {
    type: "modal",
    title: plain("Linked", 24),
    close: plain("Close", 24),
    blocks: [
      {
        type: "section",
        text: plain(
          `You act as ${name} now. Nothing is decided yet: press the button of the request again.`,
          2_900,
        ),
      },
    ],
  };
}
