import { z } from "zod";
import { type InngestConfiguration, readInngestVariables } from "./configuration/inngest-variables.ts";
import { type MailConfiguration, readMailVariables } from "./configuration/mail-variables.ts";
import { readSecrets } from "./configuration/secret-variables.ts";
import { readSlackVariables, type SlackConfiguration } from "./configuration/slack-variables.ts";
import { readStripeVariables, type StripeConfiguration } from "./configuration/stripe-variables.ts";
import { type ConfigurationProblem, type Environment, Variables } from "./configuration/variables.ts";

export type { InngestConfiguration } from "./configuration/inngest-variables.ts";
export type { MailConfiguration } from "./configuration/mail-variables.ts";
export type { SlackConfiguration } from "./configuration/slack-variables.ts";
export type { StripeConfiguration } from "./configuration/stripe-variables.ts";
export type { ConfigurationProblem, Environment } from "./configuration/variables.ts";

export interface Configuration {
  readonly mode: "live" | "test" | "sandbox";
  readonly production: boolean;
  /** Origin of this installation, without a slash at the end. */
  readonly publicUrl: string;
  readonly port: number;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** `DATABASE_OWNER_URL`: the role that owns and migrates the tables, where it is another. Null: the same. */
  readonly databaseOwnerUrl: string | null;
  /** `REDRESS_SECRET`. Null, outside production only: take `keepGeneratedSecret()`. */
  readonly secret: string | null;
  /** `REDRESS_SECRET_PREVIOUS`: what it was before, the newest first; what was made with them still opens. */
  readonly previousSecrets: readonly string[];
  /** Null: no Stripe variable is set. Whoever starts Redress starts a sandbox and adds its keys to the environment. */
  readonly stripe: StripeConfiguration | null;
  /** Null: workflows run on the same PostgreSQL. */
  readonly inngest: InngestConfiguration | null;
  /** Null: no request is shown in Slack. */
  readonly slack: SlackConfiguration | null;
  /** `SMTP_URL` and `MAIL_FROM`: how mail leaves. */
  readonly mail: MailConfiguration;
  readonly allowPrivateNotificationUrls: boolean;
  /** `REDRESS_EVENT_RETENTION_DAYS`: how long the payload of an event is kept whole. */
  readonly eventRetentionDays: number;
  /** `REDRESS_STRIPE_RATE_LIMIT`: requests a second that Stripe allows this platform. Null: the mode's usual limit. */
  readonly stripeRateLimit: number | null;
  /** `AUDIT_ANCHOR_DIR`: where signed heads of the audit log are kept. Null: they are only logged. */
  readonly auditAnchorDirectory: string | null;
  /** `REDRESS_METRICS_TOKEN`: what Prometheus shows at `/metrics`. Null: there are none. */
  readonly metricsToken: string | null;
  /** The lowest level that is logged. */
  readonly logLevel: string;
}

/** All that is wrong with the environment at once, so that it is put right in one go. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ variable, sentence }) => `- ${variable}: ${sentence}`);
    super(`Redress cannot start with this configuration:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

/**
 * Reads the whole configuration from the environment, before anything is started.
 *
 * @throws ConfigurationError with a sentence for each variable that is missing or wrong
 */
export function readConfiguration(environment: Environment): Configuration {
  const variables = new Variables(environment);
  const production = environment.NODE_ENV === "production";
  const { mode, stripe } = readStripeVariables(variables, production);
  const port = readPort(variables);
  const configuration: Configuration = {
    mode,
    production,
    publicUrl: readPublicUrl(variables, { port, production, live: mode === "live" }),
    port,
    databaseUrl: readDatabaseUrl(variables),
    databaseOwnerUrl: readDatabaseOwnerUrl(variables),
    ...readSecrets(variables, production),
    stripe,
    inngest: readInngestVariables(variables, production || mode === "live"),
    slack: readSlackVariables(variables, production || mode === "live"),
    mail: readMailVariables(variables, production || mode === "live"),
    allowPrivateNotificationUrls: readFlag(variables, "REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS"),
    eventRetentionDays: readRetention(variables),
    stripeRateLimit: readRateLimit(variables),
    auditAnchorDirectory: variables.read(
      "AUDIT_ANCHOR_DIR",
      z.string().startsWith("/"),
      "It must be the absolute path of a folder, best on another machine or one that only grows.",
    ),
    metricsToken: variables.read(
      "REDRESS_METRICS_TOKEN",
      z.string().min(24),
      "It is shorter than 24 characters. Make one with: openssl rand -base64 32.",
    ),
    logLevel: readLogLevel(variables),
  };
  if (variables.problems.length > 0) throw new ConfigurationError(variables.problems);
  return configuration;
}

function readPort(variables: Variables): number {
  const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(65_535));
  const read = (name: string) => variables.read(name, port, "It must be a port number from 1 to 65535.");
  return read("REDRESS_PORT") ?? read("PORT") ?? 3000;
}

function readPublicUrl(
  variables: Variables,
  given: { port: number; production: boolean; live: boolean },
): string {
  const name = "NEXT_PUBLIC_URL";
  const origin = z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => url.replace(/\/$/, "") === new URL(url).origin);
  const url = variables.read(
    name,
    origin,
    "It must be the address of this installation alone, such as https://refunds.example.com, without a path.",
  );
  const secure = given.production || given.live;
  if (!variables.isSet(name)) {
    if (secure) variables.report(name, "It is missing. Set it to the https address of this installation.");
    return `http://localhost:${given.port}`;
  }
  if (url?.startsWith("http:") && secure) {
    variables.report(
      name,
      "It must start with https://: Stripe sends people and events to it in clear otherwise.",
    );
  }
  return url?.replace(/\/$/, "") ?? "";
}

function readDatabaseUrl(variables: Variables): string | null {
  return variables.read(
    "DATABASE_URL",
    z.url({ protocol: /^postgres(ql)?$/ }),
    "It must be a PostgreSQL address, such as postgres://user:password@host:5432/redress. Leave it unset for the embedded server.",
  );
}

function readDatabaseOwnerUrl(variables: Variables): string | null {
  const name = "DATABASE_OWNER_URL";
  if (variables.isSet(name) && !variables.isSet("DATABASE_URL")) {
    variables.report(name, "It goes with DATABASE_URL, which is not set: the embedded server has one role.");
  }
  return variables.read(
    name,
    z.url({ protocol: /^postgres(ql)?$/ }),
    "It must be a PostgreSQL address, of the same database with the role that owns the tables.",
  );
}

/** At least what a message may be tried for, and Stripe sends an event again for; at most ten years. */
function readRetention(variables: Variables): number {
  const days = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(7).max(3_650));
  const sentence =
    "It must be a whole number of days from 7 to 3650: how long the payload of an event is kept whole.";
  return variables.read("REDRESS_EVENT_RETENTION_DAYS", days, sentence) ?? 90;
}

/** Stripe raises the limit of platforms that ask for it; what is more than anybody got would be a mistake. */
function readRateLimit(variables: Variables): number | null {
  const limit = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(5).max(10_000));
  const sentence = "It must be a whole number from 5 to 10000: requests a second that Stripe allows you.";
  return variables.read("REDRESS_STRIPE_RATE_LIMIT", limit, sentence);
}

function readLogLevel(variables: Variables): string {
  const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
  return variables.read("LOG_LEVEL", z.enum(levels), `It must be one of ${levels.join(", ")}.`) ?? "info";
}

function readFlag(variables: Variables, name: string): boolean {
  const flag = z.enum(["true", "1", "false", "0"]);
  const value = variables.read(name, flag, "It must be true or false.");
  return value === "true" || value === "1";
}
