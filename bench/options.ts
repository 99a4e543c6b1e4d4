import { parseArgs } from "node:util";

export const subjectNames = ["raw", "sync-engine", "redress"] as const;
export type SubjectName = (typeof subjectNames)[number];
export const engineNames = ["dbos", "inngest"] as const;
export type EngineName = (typeof engineNames)[number];

export interface WebhookOptions {
  readonly bench: "webhooks";
  readonly subjects: readonly SubjectName[];
  /** How many requests are under way at a time, each on a connection of its own. */
  readonly connections: readonly number[];
  readonly rounds: number;
  /** How long each subject is loaded in a round. */
  readonly seconds: number;
  /** How often PostgreSQL, and how often the server, is killed under load. */
  readonly kills: number;
  /** Connections to the database of the raw bound; null: the best of some that are tried. */
  readonly pool: number | null;
  /** Folder for a CPU profile of Redress; null: none is taken, since it costs some speed. */
  readonly profile: string | null;
}

export interface WorkflowOptions {
  readonly bench: "workflows";
  /** Sent one at a time, each after the app was told of the one before. */
  readonly events: number;
  /** Sent at once. */
  readonly drain: number;
  readonly engine: EngineName;
}

export interface RefundOptions {
  readonly bench: "refunds";
  /** Of the list, at each limit. */
  readonly refunds: number;
  /** Asked for one at a time, to see what Redress adds. */
  readonly single: number;
  /** Refunds that the sandbox lets the platform create in a second. */
  readonly limits: readonly number[];
}

export interface ImportOptions {
  readonly bench: "import";
  /** Of the account whose history is imported. */
  readonly charges: number;
  /** Requests a second that Stripe allows, of which an import takes a fifth. */
  readonly limit: number;
}

export interface SearchOptions {
  readonly bench: "search";
  /** Of the large database, and of the one that it is compared with. */
  readonly purchases: number;
  readonly small: number;
  /** How often each search and list is asked for. */
  readonly runs: number;
}

export interface PagesOptions {
  readonly bench: "pages";
  /** Of the desk whose pages are asked for; a tenth of them is refunded. */
  readonly purchases: number;
  /** How often each page is asked for. */
  readonly runs: number;
}

export interface SoakOptions {
  readonly bench: "soak";
  /** How long there is load. */
  readonly minutes: number;
  /** Desks on the one database, behind one address. */
  readonly desks: number;
  /** What people, shops and merchants do, all together. */
  readonly perSecond: number;
  /** From one fault to the next. */
  readonly faultSeconds: number;
  readonly seed: number;
}

export type Options =
  | WebhookOptions
  | WorkflowOptions
  | RefundOptions
  | ImportOptions
  | SearchOptions
  | PagesOptions
  | SoakOptions;

/** What was typed makes no sense; the message says what does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const usage = `Use: npm run bench -- webhooks [--connections 8,32,128] [--rounds 5] [--seconds 5] [--kills 2] [--subjects raw,sync-engine,redress] [--pool 16] [--profile folder]
  or: npm run bench -- workflows [--events 200] [--drain 1000] [--engine dbos]
  or: npm run bench -- refunds [--refunds 2000] [--single 100] [--limits 25,100]
  or: npm run bench -- import [--charges 100000] [--limit 100]
  or: npm run bench -- search [--purchases 1000000] [--small 10000] [--runs 100]
  or: npm run bench -- pages [--purchases 1000000] [--runs 100]
  or: npm run bench -- soak [--minutes 30] [--desks 3] [--per-second 4] [--fault-seconds 45] [--seed 1]`;

const text = { type: "string" } as const;
const known = {
  webhooks: {
    connections: text,
    rounds: text,
    seconds: text,
    kills: text,
    subjects: text,
    pool: text,
    profile: text,
  },
  workflows: { events: text, drain: text, engine: text },
  refunds: { refunds: text, single: text, limits: text },
  import: { charges: text, limit: text },
  search: { purchases: text, small: text, runs: text },
  pages: { purchases: text, runs: text },
  soak: { minutes: text, desks: text, "per-second": text, "fault-seconds": text, seed: text },
};

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function readOptions(argv: readonly string[]): Options {
  const [bench, ...rest] = argv;
  if (bench === "webhooks") return readWebhookOptions(parse(rest, known.webhooks));
  if (bench === "workflows") return readWorkflowOptions(parse(rest, known.workflows));
  if (bench === "refunds") return readRefundOptions(parse(rest, known.refunds));
  if (bench === "import") return readImportOptions(parse(rest, known.import));
  if (bench === "search") return readSearchOptions(parse(rest, known.search));
  if (bench === "pages") return readPagesOptions(parse(rest, known.pages));
  if (bench === "soak") return readSoakOptions(parse(rest, known.soak));
  throw wrong(bench === undefined ? "Name a bench." : `There is no bench "${bench}".`);
}

function readWebhookOptions(values: Values<keyof typeof known.webhooks>): WebhookOptions {
  const connections = readList(values.connections ?? "8,32,128").map((item) =>
    readNumber("--connections", item, 1, 1_000),
  );
  const subjects = readList(values.subjects ?? subjectNames.join(",")).map((item) =>
    readName("--subjects", item, subjectNames),
  );
  for (const [name, list] of Object.entries({ connections, subjects })) {
    if (new Set<unknown>(list).size < list.length) throw wrong(`--${name} names one twice.`);
  }
  const kills = readNumber("--kills", values.kills ?? "2", 0, 100);
  if (kills > 0 && values.kills !== undefined && !subjects.includes("redress")) {
    throw wrong("--kills kills Redress and its database, but --subjects leaves Redress out.");
  }
  return {
    bench: "webhooks",
    subjects,
    connections,
    rounds: readNumber("--rounds", values.rounds ?? "5", 1, 1_000),
    seconds: readNumber("--seconds", values.seconds ?? "5", 1, 3_600),
    kills: subjects.includes("redress") ? kills : 0,
    pool: values.pool === undefined ? null : readNumber("--pool", values.pool, 1, 90),
    profile: values.profile ?? null,
  };
}

function readWorkflowOptions(values: Values<keyof typeof known.workflows>): WorkflowOptions {
  return {
    bench: "workflows",
    events: readNumber("--events", values.events ?? "200", 1, 100_000),
    drain: readNumber("--drain", values.drain ?? "1000", 1, 10_000_000),
    engine: readName("--engine", values.engine ?? "dbos", engineNames),
  };
}

function readRefundOptions(values: Values<keyof typeof known.refunds>): RefundOptions {
  return {
    bench: "refunds",
    refunds: readNumber("--refunds", values.refunds ?? "2000", 10, 20_000),
    single: readNumber("--single", values.single ?? "100", 1, 10_000),
    limits: readList(values.limits ?? "25,100").map((item) => readNumber("--limits", item, 1, 10_000)),
  };
}

function readImportOptions(values: Values<keyof typeof known.import>): ImportOptions {
  return {
    bench: "import",
    charges: readNumber("--charges", values.charges ?? "100000", 1_000, 1_000_000),
    limit: readNumber("--limit", values.limit ?? "100", 25, 1_000),
  };
}

function readSearchOptions(values: Values<keyof typeof known.search>): SearchOptions {
  const purchases = readNumber("--purchases", values.purchases ?? "1000000", 1_000, 100_000_000);
  return {
    bench: "search",
    purchases,
    small: readNumber("--small", values.small ?? "10000", 1_000, purchases),
    runs: readNumber("--runs", values.runs ?? "100", 20, 10_000),
  };
}

function readPagesOptions(values: Values<keyof typeof known.pages>): PagesOptions {
  return {
    bench: "pages",
    purchases: readNumber("--purchases", values.purchases ?? "1000000", 1_000, 100_000_000),
    runs: readNumber("--runs", values.runs ?? "100", 5, 10_000),
  };
}

function readSoakOptions(values: Values<keyof typeof known.soak>): SoakOptions {
  return {
    bench: "soak",
    minutes: readNumber("--minutes", values.minutes ?? "30", 1, 10_000),
    desks: readNumber("--desks", values.desks ?? "3", 1, 8),
    perSecond: readNumber("--per-second", values["per-second"] ?? "4", 1, 100),
    faultSeconds: readNumber("--fault-seconds", values["fault-seconds"] ?? "45", 10, 3_600),
    seed: readNumber("--seed", values.seed ?? "1", 0, 999_999_999),
  };
}

type Values<Name extends string> = Partial<Record<Name, string>>;

function parse<Name extends string>(
  argv: readonly string[],
  options: Record<Name, typeof text>,
): Values<Name> {
  try {
    return parseArgs({ args: [...argv], options }).values as Values<Name>;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

const readList = (list: string): string[] => list.split(",").map((item) => item.trim());

function readNumber(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (!/^\d{1,9}$/.test(given) || value < least || value > most) {
    throw wrong(`${name} takes a whole number from ${least} to ${most}, not "${given}".`);
  }
  return value;
}

function readName<Name extends string>(option: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw wrong(`${option} takes ${names.join(", ")}, not "${given}".`);
  return found;
}

function wrong(sentence: string): UsageError {
  return new UsageError(`${sentence}\n${usage}`);
}
