import { z } from "zod";
import type { Variables } from "./variables.ts";

/** How requests reach Slack, and how clicks there prove that they come from it. */
export interface SlackConfiguration {
  /** Of the app's bot, `xoxb-…`. */
  readonly botToken: string;
  /** More than one while it is rolled. */
  readonly signingSecrets: readonly string[];
  /** Id of the channel of apps that have none of their own. */
  readonly channel: string | null;
  /** Null: Slack's own. */
  readonly apiUrl: string | null;
}

const keys = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"] as const;
const secrets = z
  .string()
  .transform((text) => text.split(",").map((secret) => secret.trim()))
  .pipe(z.array(z.string().regex(/^[0-9a-f]{32,}$/i)).min(1));

/**
 * Both keys show requests in Slack.
 *
 * @param guarded production, or Stripe's live keys: the token goes to Slack and to nobody else
 * @returns null when neither is set, or when something is wrong and reported
 */
export function readSlackVariables(variables: Variables, guarded: boolean): SlackConfiguration | null {
  const botToken = variables.read(
    keys[0],
    z.string().regex(/^xoxb-[\w-]+$/),
    "It must be the bot token of your Slack app, which starts with xoxb-.",
  );
  const signingSecrets = variables.read(
    keys[1],
    secrets,
    "It must be the signing secret of your Slack app, 32 hexadecimal characters; two with a comma between them while you roll it.",
  );
  const channel = variables.read(
    "SLACK_CHANNEL",
    z.string().regex(/^[CG][A-Z0-9]{2,30}$/),
    "It must be the id of a channel, such as C0123ABCD: Slack shows it at the end of the channel's details.",
  );
  const apiUrl = variables.read(
    "SLACK_API_URL",
    z.url({ protocol: /^https?$/ }).endsWith("/"),
    "It must be the address of a stand-in for Slack's API with a slash at its end. Leave it unset for Slack itself.",
  );
  if (guarded && variables.isSet("SLACK_API_URL")) {
    variables.report(
      "SLACK_API_URL",
      "It names a stand-in for Slack, which is for tests. Remove it with NODE_ENV=production or Stripe's live keys.",
    );
  }
  reportHalf(variables);
  if (botToken === null || signingSecrets === null) return null;
  return { botToken, signingSecrets, channel, apiUrl };
}

function reportHalf(variables: Variables): void {
  const set = keys.filter((name) => variables.isSet(name));
  for (const name of keys) {
    if (set.length !== 1 || variables.isSet(name)) continue;
    variables.report(name, `It is missing, while ${set[0]} is set. Set both, or neither.`);
  }
  for (const name of ["SLACK_CHANNEL", "SLACK_API_URL"]) {
    if (set.length > 0 || !variables.isSet(name)) continue;
    variables.report(name, `It is set without ${keys[0]} and ${keys[1]}. Set both, or remove it.`);
  }
}
