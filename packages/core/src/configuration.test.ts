import { describe, expect, test } from "vitest";
import { ConfigurationError, readConfiguration } from "./configuration.ts";

const stripeTest = {
  STRIPE_SECRET_KEY: "sk_test_platform",
  STRIPE_PUBLISHABLE_KEY: "pk_test_platform",
  STRIPE_CONNECT_CLIENT_ID: "ca_platform",
  STRIPE_WEBHOOK_SECRET: "whsec_platform",
  STRIPE_CONNECT_WEBHOOK_SECRET: "whsec_connect",
};
const stripeLive = {
  ...stripeTest,
  STRIPE_SECRET_KEY: "rk_live_platform",
  STRIPE_PUBLISHABLE_KEY: "pk_live_platform",
};
const production = {
  NODE_ENV: "production",
  NEXT_PUBLIC_URL: "https://refunds.example.com/",
  REDRESS_SECRET: "a".repeat(32),
};

function problemsOf(environment: Record<string, string>): Record<string, string> {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return Object.fromEntries(error.problems.map(({ variable, sentence }) => [variable, sentence]));
  }
  return {};
}

test("a port or a log level that is none is named, in the sandbox too", () => {
  expect(Object.keys(problemsOf({ PORT: "abc", LOG_LEVEL: "loud" })).sort()).toEqual(["LOG_LEVEL", "PORT"]);
});

// An import that believes in more than Stripe allows would slow down refunds.
test("the limit of Stripe's is the usual one, or what is told within reason", () => {
  const name = "REDRESS_STRIPE_RATE_LIMIT";
  expect(readConfiguration({}).stripeRateLimit).toBeNull();
  expect(readConfiguration({ [name]: "250" }).stripeRateLimit).toBe(250);
  for (const wrong of ["4", "10001", "-25", "1e3", "25.5"]) {
    expect(problemsOf({ [name]: wrong })).toEqual({ [name]: expect.stringMatching(/from 5 to 10000/) });
  }
});

test("events keep their payload for ninety days, or as long as is told within reason", () => {
  const name = "REDRESS_EVENT_RETENTION_DAYS";
  expect(readConfiguration({}).eventRetentionDays).toBe(90);
  for (const days of [7, 3_650]) {
    expect(readConfiguration({ [name]: String(days) }).eventRetentionDays).toBe(days);
  }
  for (const wrong of ["6", "3651", "-90", "1e3", "90d", "7.5"]) {
    expect(problemsOf({ [name]: wrong })).toEqual({ [name]: expect.stringMatching(/from 7 to 3650/) });
  }
});

// A typing error in an older secret must be told at start, not when the first message cannot be signed.
test("older secrets are a list of whole secrets, and never the present one", () => {
  const [now, before, older] = ["a", "b", "c"].map((letter) => letter.repeat(32));
  const name = "REDRESS_SECRET_PREVIOUS";
  const read = (value: string) => ({ REDRESS_SECRET: now ?? "", [name]: value });
  expect(readConfiguration({}).previousSecrets).toEqual([]);
  expect(readConfiguration(read(`${before}, ${older}`)).previousSecrets).toEqual([before, older]);
  for (const wrong of ["short", `${before},`, `${before},short`, `${before},${before}`, `${before},${now}`]) {
    expect(Object.keys(problemsOf(read(wrong)))).toEqual([name]);
    expect(problemsOf(read(wrong))[name]).not.toContain(before);
  }
});

test("Slack takes both of its keys, ids of channels, and no stand-in in production", () => {
  const keys = { SLACK_BOT_TOKEN: "xoxb-1-a", SLACK_SIGNING_SECRET: `${"a".repeat(32)},${"b".repeat(32)}` };
  expect(readConfiguration({}).slack).toBeNull();
  expect(readConfiguration({ ...keys, SLACK_CHANNEL: "C0123ABCD" }).slack).toEqual({
    botToken: "xoxb-1-a",
    signingSecrets: ["a".repeat(32), "b".repeat(32)],
    channel: "C0123ABCD",
    apiUrl: null,
  });
  expect(Object.keys(problemsOf({ SLACK_BOT_TOKEN: "xoxb-1-a" }))).toEqual(["SLACK_SIGNING_SECRET"]);
  expect(Object.keys(problemsOf({ SLACK_CHANNEL: "C0123ABCD" }))).toEqual(["SLACK_CHANNEL"]);
  const wrong = { SLACK_BOT_TOKEN: "xoxp-1-a", SLACK_SIGNING_SECRET: "short", SLACK_CHANNEL: "#refunds" };
  expect(Object.keys(problemsOf(wrong))).toEqual([
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CHANNEL",
  ]);
  const standIn = { ...keys, SLACK_API_URL: "http://127.0.0.1:4020/api/" };
  expect(readConfiguration(standIn).slack?.apiUrl).toBe(standIn.SLACK_API_URL);
  expect(problemsOf({ ...stripeLive, ...production, ...standIn })).toMatchObject({
    SLACK_API_URL: expect.stringContaining("stand-in"),
  });
});

test("mail leaves by SMTP, is printed in development, and is never printed in production", () => {
  const smtp = { SMTP_URL: "smtp://user:p%40ss@smtp.example.com:587", MAIL_FROM: "Redress <a@example.com>" };
  expect(readConfiguration({}).mail).toEqual({ way: "log" });
  expect(readConfiguration({ ...stripeLive, ...production }).mail).toEqual({ way: "none" });
  expect(readConfiguration({ ...stripeLive, ...production, ...smtp }).mail).toEqual({
    way: "smtp",
    url: smtp.SMTP_URL,
    from: smtp.MAIL_FROM,
    requireTls: true,
  });
  expect(readConfiguration({ ...smtp, SMTP_URL: "smtp://localhost:1025" }).mail).toMatchObject({
    requireTls: false,
  });
  expect(Object.keys(problemsOf({ SMTP_URL: smtp.SMTP_URL }))).toEqual(["MAIL_FROM"]);
  expect(Object.keys(problemsOf({ MAIL_FROM: smtp.MAIL_FROM }))).toEqual(["SMTP_URL"]);
  for (const wrong of ["https://smtp.example.com", "smtp.example.com", "smtp://user@h", "smtp://h/?a=b"]) {
    expect(Object.keys(problemsOf({ ...smtp, SMTP_URL: wrong })), wrong).toEqual(["SMTP_URL"]);
  }
  expect(Object.keys(problemsOf({ ...smtp, MAIL_FROM: "Redress" }))).toEqual(["MAIL_FROM"]);
});

describe("what starts", () => {
  test("with nothing set: the sandbox, the embedded database, this machine (A6)", () => {
    expect(readConfiguration({ STRIPE_SECRET_KEY: "", DATABASE_URL: " " })).toMatchObject({
      mode: "sandbox",
      stripe: null,
      databaseUrl: null,
      secret: null,
      publicUrl: "http://localhost:3000",
      inngest: null,
    });
  });

  test("with Stripe's variables: real Stripe in the key's mode, every secret of a list tried (A5)", () => {
    const read = readConfiguration({
      ...stripeTest,
      STRIPE_CONNECT_WEBHOOK_SECRET: "whsec_new, whsec_old",
      NEXT_PUBLIC_URL: "http://localhost:4000/",
      REDRESS_PORT: "4000",
      PORT: "80",
    });
    expect(read).toMatchObject({ mode: "test", publicUrl: "http://localhost:4000", port: 4000 });
    expect(read.stripe).toEqual({
      secretKey: "sk_test_platform",
      publishableKey: "pk_test_platform",
      clientId: "ca_platform",
      platformWebhookSecrets: ["whsec_platform"],
      connectWebhookSecrets: ["whsec_new", "whsec_old"],
      apiOrigin: null,
      connectOrigin: "https://connect.stripe.com",
    });
    expect(readConfiguration({ ...stripeLive, ...production })).toMatchObject({
      mode: "live",
      production: true,
      publicUrl: "https://refunds.example.com",
    });
  });

  test("with the sandbox's origin and keys: everything goes there", () => {
    const read = readConfiguration({ ...stripeTest, REDRESS_SANDBOX_ORIGIN: "http://127.0.0.1:4010/" });
    expect(read.mode).toBe("sandbox");
    expect(read.stripe).toMatchObject({
      apiOrigin: "http://127.0.0.1:4010",
      connectOrigin: "http://127.0.0.1:4010",
    });
  });

  test("two variables move a deployment to Inngest; the others say where it is and roll its key", () => {
    const keys = { INNGEST_EVENT_KEY: "event-key_1", INNGEST_SIGNING_KEY: "signkey-prod-00ff" };
    const cloud = {
      eventKey: "event-key_1",
      signingKey: "signkey-prod-00ff",
      signingKeyFallback: null,
      baseUrl: null,
      dev: false,
    };
    expect(readConfiguration({ ...keys, INNGEST_DEV: "0" }).inngest).toEqual(cloud);
    expect(
      readConfiguration({
        ...keys,
        INNGEST_BASE_URL: "http://inngest.internal:8288/",
        INNGEST_SIGNING_KEY_FALLBACK: "abcd",
      }).inngest,
    ).toEqual({ ...cloud, signingKeyFallback: "abcd", baseUrl: "http://inngest.internal:8288" });
  });

  test("a development server of Inngest is used only where it is asked for", () => {
    const dev = { eventKey: null, signingKey: null, signingKeyFallback: null, dev: true };
    expect(readConfiguration({ INNGEST_DEV: "1" }).inngest).toEqual({
      ...dev,
      baseUrl: "http://localhost:8288",
    });
    expect(readConfiguration({ INNGEST_DEV: "http://inngest:8288" }).inngest).toEqual({
      ...dev,
      baseUrl: "http://inngest:8288",
    });
  });
});

describe("what does not start, with a sentence for each variable (A4)", () => {
  const cases: { name: string; environment: Record<string, string>; problems: Record<string, string> }[] = [
    {
      name: "some of Stripe's variables",
      environment: { STRIPE_SECRET_KEY: "sk_test_platform", STRIPE_WEBHOOK_SECRET: "whsec_platform" },
      problems: {
        STRIPE_PUBLISHABLE_KEY: "It is missing.",
        STRIPE_CONNECT_CLIENT_ID: "It is missing.",
        STRIPE_CONNECT_WEBHOOK_SECRET: "It is missing.",
      },
    },
    {
      name: "the sandbox in production",
      environment: { ...production, ...stripeTest, REDRESS_SANDBOX_ORIGIN: "http://127.0.0.1:4010" },
      problems: { REDRESS_SANDBOX_ORIGIN: "NODE_ENV=production" },
    },
    {
      name: "nothing at all in production",
      environment: { NODE_ENV: "production" },
      problems: {
        STRIPE_SECRET_KEY: "It is missing.",
        STRIPE_PUBLISHABLE_KEY: "It is missing.",
        STRIPE_CONNECT_CLIENT_ID: "It is missing.",
        STRIPE_WEBHOOK_SECRET: "It is missing.",
        STRIPE_CONNECT_WEBHOOK_SECRET: "It is missing.",
        NEXT_PUBLIC_URL: "It is missing.",
        REDRESS_SECRET: "It is missing.",
      },
    },
    {
      name: "a sandbox on another machine, which would be sent a key in clear",
      environment: { ...stripeTest, REDRESS_SANDBOX_ORIGIN: "http://sandbox.example.com:4010" },
      problems: { REDRESS_SANDBOX_ORIGIN: "on this machine" },
    },
    {
      name: "a live key with the sandbox",
      environment: {
        ...stripeLive,
        REDRESS_SANDBOX_ORIGIN: "http://127.0.0.1:4010",
        NEXT_PUBLIC_URL: "https://a.example",
      },
      problems: { REDRESS_SANDBOX_ORIGIN: "live STRIPE_SECRET_KEY" },
    },
    {
      name: "the sandbox's origin alone",
      environment: { REDRESS_SANDBOX_ORIGIN: "http://127.0.0.1:4010" },
      problems: Object.fromEntries(Object.keys(stripeTest).map((name) => [name, "It is missing."])),
    },
    {
      name: "keys of two modes",
      environment: { ...stripeTest, STRIPE_PUBLISHABLE_KEY: "pk_live_platform" },
      problems: { STRIPE_PUBLISHABLE_KEY: "other mode" },
    },
    {
      name: "values in each other's place",
      environment: {
        ...stripeTest,
        STRIPE_SECRET_KEY: "pk_test_platform",
        STRIPE_CONNECT_CLIENT_ID: "acct_1",
        STRIPE_WEBHOOK_SECRET: "whsec_a,,whsec_b",
      },
      problems: {
        STRIPE_SECRET_KEY: "does not look right",
        STRIPE_CONNECT_CLIENT_ID: "does not look right",
        STRIPE_WEBHOOK_SECRET: "does not look right",
      },
    },
    {
      name: "a pasted line break",
      environment: { ...stripeTest, STRIPE_WEBHOOK_SECRET: "whsec_platform\n" },
      problems: { STRIPE_WEBHOOK_SECRET: "line break" },
    },
    {
      name: "live mode over http",
      environment: { ...stripeLive, NEXT_PUBLIC_URL: "http://refunds.example.com" },
      problems: { NEXT_PUBLIC_URL: "https://" },
    },
    {
      name: "an address with a path, a wrong database, port and flag, a short secret, half of Inngest",
      environment: {
        NEXT_PUBLIC_URL: "https://example.com/refunds",
        DATABASE_URL: "mysql://localhost/redress",
        PORT: "eighty",
        REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "yes",
        REDRESS_SECRET: "short",
        INNGEST_SIGNING_KEY: "signkey-test-00ff",
      },
      problems: {
        NEXT_PUBLIC_URL: "without a path",
        DATABASE_URL: "PostgreSQL address",
        PORT: "port number",
        REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true or false",
        REDRESS_SECRET: "shorter than 32",
        INNGEST_EVENT_KEY: "while INNGEST_SIGNING_KEY is set",
      },
    },
    {
      name: "an Inngest server without its keys",
      environment: { INNGEST_BASE_URL: "https://inngest.example.com", INNGEST_SIGNING_KEY_FALLBACK: "00ff" },
      problems: { INNGEST_BASE_URL: "set without", INNGEST_SIGNING_KEY_FALLBACK: "set without" },
    },
    {
      name: "an Inngest server with a path",
      environment: {
        INNGEST_EVENT_KEY: "event",
        INNGEST_SIGNING_KEY: "00ff",
        INNGEST_BASE_URL: "https://inngest.example.com/api",
      },
      problems: { INNGEST_BASE_URL: "without a path" },
    },
    {
      name: "an Inngest signing key that is none",
      environment: { INNGEST_EVENT_KEY: "event", INNGEST_SIGNING_KEY: "signkey-prod-secret" },
      problems: { INNGEST_SIGNING_KEY: "hexadecimal" },
    },
    {
      name: "a development server of Inngest in production, whose calls nobody could check",
      environment: { ...production, ...stripeTest, INNGEST_DEV: "1" },
      problems: { INNGEST_DEV: "not signed" },
    },
    {
      name: "a development server of Inngest beside Stripe's live keys, wherever it runs",
      environment: { ...stripeLive, NEXT_PUBLIC_URL: production.NEXT_PUBLIC_URL, INNGEST_DEV: "1" },
      problems: { INNGEST_DEV: "not signed" },
    },
    {
      name: "a development server of Inngest beside keys",
      environment: { INNGEST_DEV: "1", INNGEST_EVENT_KEY: "event", INNGEST_SIGNING_KEY: "00ff" },
      problems: { INNGEST_EVENT_KEY: "INNGEST_DEV", INNGEST_SIGNING_KEY: "INNGEST_DEV" },
    },
  ];
  test.each(cases)("$name", ({ environment, problems }) => {
    const found = problemsOf(environment);
    expect(Object.keys(found).sort()).toEqual(Object.keys(problems).sort());
    for (const [variable, words] of Object.entries(problems)) expect(found[variable]).toContain(words);
  });

  test("no sentence gives a value away", () => {
    const environment = { ...stripeTest, STRIPE_SECRET_KEY: "sk_test_oops\n", REDRESS_SECRET: "tooshort" };
    expect(JSON.stringify(problemsOf(environment))).not.toMatch(/sk_test_oops|tooshort/);
  });
});
