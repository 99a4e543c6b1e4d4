import { raiseAlert } from "../alerts.ts";
import type { Dependencies, Slack } from "../dependencies.ts";
import { classifySlackError, type SlackFailure } from "./classify-slack-error.ts";
import { completePost, type MessageSubject, startPost } from "./keep-message.ts";
import type { RequestMessage } from "./request-message.ts";

/** Whether all is told, or when Slack wants to be asked again. */
export type TellingOutcome =
  | { readonly again: false }
  | { readonly again: true; readonly retryAfterMs: number | null };

export const told: TellingOutcome = { again: false };

/** None of these is to be read as a mention or a link, whatever is in the text. */
export const literally = {
  parse: "none",
  link_names: false,
  unfurl_links: false,
  unfurl_media: false,
} as const;

/** Says whether to try again after a failed call, and raises an alert where that is of no use. */
export function afterFailure(
  dependencies: Pick<Dependencies, "logger">,
  subject: MessageSubject,
  failure: SlackFailure,
): TellingOutcome {
  const { kind, code } = failure;
  if (kind === "later") {
    dependencies.logger.warn({ ...subject, code }, "Slack did not take a message; it is tried again later.");
    return { again: true, retryAfterMs: failure.retryAfterMs };
  }
  raiseAlert(
    dependencies,
    "slack_refused",
    { ...subject, code },
    "Slack refuses what the desk posts. Check the bot's token, its scopes, and that it is in the channel; requests wait in the console.",
  );
  return told;
}

/** Writes down that it posts before it does, and where it is after. */
export async function postOnce(
  dependencies: Pick<Dependencies, "database" | "clock" | "random">,
  about: { subject: MessageSubject; occasionKey: string; kind: "request" | "reply" },
  call: () => Promise<{ channel?: string | undefined; ts?: string | undefined }>,
): Promise<void> {
  const { subject, ...message } = about;
  const id = await startPost(dependencies, { ...subject, ...message });
  if (id === null) return;
  const { channel, ts } = await call();
  if (!channel || !ts) throw new Error("Slack took a message without saying where it is");
  await completePost(dependencies, { id, channel, ts });
}

/**
 * Shows in a message what is so now.
 *
 * @returns false when Slack says that there is no such message any more
 */
export async function updateMessage(
  slack: Slack,
  place: { channel: string; ts: string },
  message: RequestMessage,
): Promise<boolean> {
  try {
    await slack.client.chat.update({ ...place, ...message, parse: "none", link_names: false });
    return true;
  } catch (error) {
    if (classifySlackError(error).kind === "gone") return false;
    throw error;
  }
}
