import { LogLevel, WebClient } from "@slack/web-api";
import type { SlackConfiguration } from "../configuration/slack-variables.ts";
import type { Slack } from "../dependencies.ts";

/** A call to Slack has to be over before the engine takes its step for dead. */
const timeoutMs = 10_000;

/** The official client, without its own retries: when to try again is kept in the database, and survives a restart. */
export function connectSlack({ botToken, signingSecrets, channel, apiUrl }: SlackConfiguration): Slack {
  const client = new WebClient(botToken, {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    // It logs what it sends at the level below.
    logLevel: LogLevel.ERROR,
    allowAbsoluteUrls: false,
  });
  return { client, signingSecrets, channel };
}
