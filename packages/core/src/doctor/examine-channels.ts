import type { Configuration } from "../configuration.ts";
import type { Dependencies } from "../dependencies.ts";
import { MailError } from "../mail/errors.ts";
import { verifySmtp } from "../mail/smtp-mail.ts";
import { classifySlackError } from "../slack/classify-slack-error.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Whether mail leaves. */
export async function examineMail({ mail }: Pick<Configuration, "mail">): Promise<Finding[]> {
  const { ok, skipped, warning, failed } = findingsOf("mail");
  if (mail.way === "log") return [skipped("Mail is printed to the log, as in development.")];
  if (mail.way === "none") {
    return [
      warning({
        sentence: "No mail leaves this installation: nobody can be invited, and no password reset by mail.",
        mend: "Set SMTP_URL and MAIL_FROM.",
      }),
    ];
  }
  try {
    await verifySmtp(mail);
    return [ok(`The mail server ${new URL(mail.url).host} lets us in.`)];
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return [failed({ sentence: error.message, mend: "Correct SMTP_URL; smtps:// is TLS from the start." })];
  }
}

/** Whether Slack takes the bot's token. */
export async function examineSlack({ slack }: Pick<Dependencies, "slack">): Promise<Finding[]> {
  const { ok, skipped, failed } = findingsOf("slack");
  if (slack === null) return [skipped("Slack is not in use.")];
  try {
    const { team, user } = await slack.client.auth.test();
    return [ok(`Slack takes the token, of ${user ?? "a bot"} in ${team ?? "a workspace"}.`)];
  } catch (error) {
    const { code } = classifySlackError(error);
    return [
      failed({
        sentence: `Slack does not take the bot's token (${code}).`,
        mend: "Install the app to the workspace again, and set its bot token as SLACK_BOT_TOKEN.",
      }),
    ];
  }
}
