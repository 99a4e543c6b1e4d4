import { connectDatabase } from "@redress/database";
import { composeOutside } from "../compose-outside.ts";
import {
  type Configuration,
  ConfigurationError,
  type Environment,
  readConfiguration,
} from "../configuration.ts";
import { silentLogger } from "../open-desk.ts";
import { examineApps, examineAudit } from "./examine-apps.ts";
import { examineMail, examineSlack } from "./examine-channels.ts";
import { examineDatabase } from "./examine-database.ts";
import { examineEngine } from "./examine-engine.ts";
import { examineSecrets } from "./examine-secrets.ts";
import { examineStripe } from "./examine-stripe.ts";
import { examineWebhooks } from "./examine-webhooks.ts";
import { examinedParts, type Finding, findingsOf } from "./finding.ts";

/**
 * Looks at a server's set-up from its own environment: what is wrong, and how to mend it. It changes nothing, and asks
 * Stripe, the mail server, Slack and the installation's public address.
 *
 * @param given.connectionString of the database, where the environment names none: the embedded one
 */
export async function examineServer(given: {
  readonly environment: Environment;
  readonly connectionString: string | null;
  readonly now: () => Date;
}): Promise<Finding[]> {
  const read = readWhole(given.environment);
  const url =
    read.configuration?.databaseUrl ?? readUrl(given.environment.DATABASE_URL) ?? given.connectionString;
  const { configuration } = read;
  if (url === null) return read.findings;
  if (configuration === null) return [...read.findings, ...(await examineDatabase(url, given.now))];
  return [...read.findings, ...(await examineConfigured(configuration, url, given.now))];
}

/** The same of a configuration that was read already: of the server that answers. */
export async function examineConfigured(
  configuration: Configuration,
  connectionString: string,
  now: () => Date,
): Promise<Finding[]> {
  const database = await examineDatabase(connectionString, now);
  const usable = database.every(({ state }) => state === "ok");
  const outside = configuration.stripe === null ? null : composeOutside(configuration, silentLogger);
  const found = await Promise.all([
    examineMail(configuration),
    examineAudit(configuration),
    outside === null ? [] : examineOutside(outside),
    outside !== null && usable ? examineInside(configuration, { ...outside, connectionString, now }) : [],
  ]);
  return inOrder([...database, ...found.flat()]);
}

type Outside = ReturnType<typeof composeOutside>;

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => examinedParts.indexOf(a.part) - examinedParts.indexOf(b.part));
}

/** Where other variables are wrong, the database can be looked at all the same. */
function readUrl(text: string | undefined): string | null {
  return text !== undefined && URL.canParse(text) && /^postgres(ql)?:/.test(text) ? text : null;
}

function readWhole(environment: Environment): { configuration: Configuration | null; findings: Finding[] } {
  const { ok, failed, skipped } = findingsOf("configuration");
  try {
    const configuration = readConfiguration(environment);
    if (configuration.stripe === null) {
      const sentence = "No Stripe variable is set: npm start makes a sandbox of its own.";
      return { configuration, findings: [skipped(sentence)] };
    }
    return { configuration, findings: [ok(`All variables can be read; the mode is ${configuration.mode}.`)] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const findings = error.problems.map(({ variable, sentence }) =>
      failed({ sentence: `${variable} cannot be used.`, mend: sentence }),
    );
    return { configuration: null, findings };
  }
}

/** What needs no database. */
async function examineOutside(outside: Outside): Promise<Finding[]> {
  const clock = { now: () => new Date() };
  return [
    ...(await examineStripe({ ...outside, clock })),
    ...(await examineWebhooks(outside.settings)),
    ...(await examineSlack(outside)),
  ];
}

async function examineInside(
  configuration: Configuration,
  { connectionString, now, ...outside }: Outside & { connectionString: string; now: () => Date },
): Promise<Finding[]> {
  const connection = connectDatabase({ connectionString, maximumConnections: 2 });
  try {
    const dependencies = { ...outside, database: connection.database, clock: { now } };
    return [
      ...(await examineSecrets(dependencies, configuration)),
      ...(await examineEngine(dependencies, configuration)),
      ...(await examineApps(dependencies)),
    ];
  } finally {
    await connection.close();
  }
}
