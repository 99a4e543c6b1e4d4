import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import type { Dependencies, Slack } from "../dependencies.ts";
import { isRedressError, RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { escapeText } from "./escape-text.ts";
import { type BlockActions, readInteraction, slackUserOf, type ViewSubmission } from "./interaction.ts";
import { adoptMessage } from "./keep-message.ts";
import { linkSlackUser, operatorOfSlackUser } from "./link-identity.ts";
import { fieldId, linkedModal, linkModal, rejectModal, viewIds } from "./modals.ts";
import { actionIds } from "./request-message.ts";
import { type RequestValue, readRequestValue, writeRequestValue } from "./request-value.ts";
import { type SlackRequest, verifySlackRequest } from "./verify-request.ts";

/** What Slack is answered, within its three seconds, and what goes on after that. */
export interface InteractionAnswer {
  /** JSON; empty where a click is only acknowledged. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Calls to Slack that follow; never rejects. */
  readonly after: Promise<void>;
}

const acknowledged: InteractionAnswer = { body: null, after: Promise.resolve() };

/**
 * Answers a click or a form from Slack. A decision goes through the same functions as in the console, with the
 * rights that the operator has at that moment; the message is brought up to date by the message that it queues. The
 * same click again, also one that somebody recorded, has no second effect.
 *
 * @throws RedressError `slack_not_configured`, `slack_signature_invalid`; `invalid_input` when it is no interaction
 */
export async function answerInteraction(
  dependencies: Dependencies,
  request: SlackRequest,
): Promise<InteractionAnswer> {
  verifySlackRequest(dependencies, request);
  const { slack } = dependencies;
  const interaction = readInteraction(request.rawBody);
  if (interaction === null || slack === null) {
    throw new RedressError(
      "invalid_input",
      "This is no interaction of Slack. Check the address in the Slack app.",
    );
  }
  switch (interaction.type) {
    case "block_actions":
      return answerClick(dependencies, slack, interaction);
    case "view_submission":
      return answerForm(dependencies, interaction);
    case "other":
      return acknowledged;
  }
}

async function answerClick(
  dependencies: Dependencies,
  slack: Slack,
  click: BlockActions,
): Promise<InteractionAnswer> {
  const [action] = click.actions;
  const request = readRequestValue(action?.value);
  const isApproval = action?.action_id === actionIds.approve;
  if (request === null || !(isApproval || action?.action_id === actionIds.reject)) return acknowledged;
  const operatorId = await operatorOfSlackUser(dependencies, slackUserOf(click));
  if (click.channel && click.message) {
    const place = { channel: click.channel.id, ts: click.message.ts };
    await adoptMessage(dependencies, { refundId: request.refundId, ...place });
  }
  const { trigger_id } = click;
  if (operatorId === null) {
    const view = linkModal(dependencies.settings.publicUrl);
    return afterAnswer(dependencies, () => slack.client.views.open({ trigger_id, view }));
  }
  if (!isApproval) {
    const view = rejectModal(writeRequestValue(request));
    return afterAnswer(dependencies, () => slack.client.views.open({ trigger_id, view }));
  }
  return approve(dependencies, slack, click, { request, operatorId });
}

async function approve(
  dependencies: Dependencies,
  slack: Slack,
  click: BlockActions,
  { request, operatorId }: { request: RequestValue; operatorId: string },
): Promise<InteractionAnswer> {
  const correlationId = newId(dependencies.random, "correlation");
  try {
    const refund = await approveRefund(dependencies, { ...request, operatorId, correlationId, via: "slack" });
    if (refund.status !== "awaiting_approval") return acknowledged;
    return tell(dependencies, slack, click, "Your approval counts. Somebody else has to approve as well.");
  } catch (error) {
    return tell(dependencies, slack, click, sentenceFor(dependencies, error, correlationId));
  }
}

async function answerForm(dependencies: Dependencies, form: ViewSubmission): Promise<InteractionAnswer> {
  const { callback_id, private_metadata, state } = form.view;
  const typed = state.values[fieldId]?.[fieldId]?.value?.trim() ?? "";
  const correlationId = newId(dependencies.random, "correlation");
  const user = slackUserOf(form);
  try {
    if (callback_id === viewIds.link) {
      const { name } = await linkSlackUser(dependencies, { ...user, code: typed, correlationId });
      return { ...acknowledged, body: { response_action: "update", view: linkedModal(name) } };
    }
    const request = readRequestValue(private_metadata);
    if (callback_id !== viewIds.reject || request === null) return acknowledged;
    await reject(dependencies, {
      request,
      operatorId: await operatorOfSlackUser(dependencies, user),
      typed,
      correlationId,
    });
    return acknowledged;
  } catch (error) {
    const sentence = sentenceFor(dependencies, error, correlationId);
    return { ...acknowledged, body: { response_action: "errors", errors: { [fieldId]: sentence } } };
  }
}

async function reject(
  dependencies: Dependencies,
  given: { request: RequestValue; operatorId: string | null; typed: string; correlationId: string },
): Promise<void> {
  const { request, operatorId, typed, correlationId } = given;
  if (operatorId === null) {
    throw new RedressError(
      "permission_denied",
      "Your link to Redress was taken away. Press the button again.",
    );
  }
  await rejectRefund(dependencies, { ...request, operatorId, note: typed, correlationId, via: "slack" });
}

/** What the person reads: our sentence, or that it was our fault. */
function sentenceFor(
  { logger }: Pick<Dependencies, "logger">,
  error: unknown,
  correlationId: string,
): string {
  if (isRedressError(error)) return error.message;
  logger.error({ err: error, correlationId }, "An interaction of Slack failed unexpectedly.");
  return `Something went wrong on our side. Look at the request in Redress before you try again (${correlationId}).`;
}

/** Says something to the one who clicked, and to nobody else. */
function tell(
  dependencies: Dependencies,
  slack: Slack,
  { channel, user }: BlockActions,
  sentence: string,
): InteractionAnswer {
  if (!channel) return acknowledged;
  const text = escapeText(sentence, 2_900);
  return afterAnswer(dependencies, () =>
    slack.client.chat.postEphemeral({
      channel: channel.id,
      user: user.id,
      text,
      parse: "none",
      link_names: false,
    }),
  );
}

/** Slack may be slow or away: what it is told then must not hold up the answer, and fails into the log. */
function afterAnswer(
  { logger }: Pick<Dependencies, "logger">,
  call: () => Promise<unknown>,
): InteractionAnswer {
  const after = call().then(
    () => undefined,
    (error: unknown) => logger.warn({ err: error }, "Slack could not be told what came of a click."),
  );
  return { body: null, after };
}
