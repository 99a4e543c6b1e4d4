import { exportFormats } from "@redress/core/audit/export-audit";
import { actorKinds } from "@redress/core/audit/filter-audit";
import { z } from "zod";
import type { Command } from "../command.ts";
import { readArguments, readWholeNumber } from "../read-arguments.ts";
import { readMoment } from "../read-since.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const next = "See npm run redress -- audit --help.";

/** Which options a subcommand takes. */
const takes: Readonly<Record<string, readonly string[]>> = {
  list: ["refund", "purchase", "limit", "cursor", "json"],
  verify: ["anchors", "public-key", "month", "alone", "json"],
  export: ["format", "app", "actor-kind", "actor", "action", "correlation", "since", "until"],
  anchor: ["json"],
};

const text = { type: "string" } as const;
const options = {
  refund: text,
  purchase: text,
  limit: text,
  cursor: text,
  anchors: text,
  "public-key": { type: "string", multiple: true },
  month: text,
  alone: { type: "boolean" },
  json: { type: "boolean" },
  format: text,
  app: text,
  "actor-kind": text,
  actor: text,
  action: text,
  correlation: text,
  since: text,
  until: text,
} as const;

type Values = ReturnType<typeof readArguments<typeof options>>;

/**
 * Reads what follows `redress audit`.
 *
 * @throws UsageError
 */
export function readAuditCommand(words: readonly string[], now: Date): Command {
  const [subcommand, ...rest] = words;
  const allowed = subcommand === undefined ? undefined : takes[subcommand];
  if (subcommand === undefined || allowed === undefined) {
    const said =
      subcommand === undefined ? "Say what to do with the log" : `There is no "audit ${subcommand}"`;
    throw new UsageError(`${said}: list, verify, export or anchor. ${next}`);
  }
  const values = readArguments(rest, options, next);
  const strange = Object.keys(values).find((name) => !allowed.includes(name));
  if (strange !== undefined) {
    throw new UsageError(`audit ${subcommand} takes no --${strange}. ${next}`);
  }
  if (subcommand === "list") return readList(values);
  if (subcommand === "verify") return readVerify(values);
  if (subcommand === "export") return readExport(values, now);
  return async (desk) => (await import("./anchor.ts")).anchor(desk, { json: values.json ?? false });
}

function readList({ limit: given, ...values }: Values): Command {
  const limit = readWholeNumber("--limit", given, 1, next) ?? 50;
  if (limit > 200) throw new UsageError(`--limit takes a whole number from 1 to 200. ${next}`);
  return async (desk) => (await import("./list.ts")).list(desk, { ...values, limit });
}

function readVerify(values: Values): Command {
  const { anchors, month, json = false } = values;
  const publicKeys = values["public-key"] ?? [];
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw new UsageError(`--month takes a month such as 2026-11, and "${month}" is none.`);
  }
  if (publicKeys.length > 0 && anchors === undefined) {
    throw new UsageError("--public-key says whose anchors to believe: give --anchors <folder> as well.");
  }
  return async (desk) => (await import("./verify.ts")).verify(desk, { anchors, publicKeys, month, json });
}

/**
 * Reads `audit verify --alone`: for whoever has the database, the anchors and a public key, and none of the desk's
 * secrets.
 *
 * @returns null for every other command
 * @throws UsageError
 */
export function readVerifyAlone(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ((terminal: Terminal) => Promise<number>) | null {
  const [subcommand, ...rest] = words;
  if (subcommand !== "verify" || !rest.includes("--alone")) return null;
  const { anchors, month, json = false, "public-key": publicKeys = [] } = readArguments(rest, options, next);
  readAuditCommand(words, new Date());
  const connectionString = environment.DATABASE_URL;
  if (connectionString === undefined) {
    throw new UsageError(
      "--alone reads the log from DATABASE_URL: set it. A role that may only read is enough.",
    );
  }
  if (publicKeys.length === 0) {
    throw new UsageError(
      "--alone knows no key of the desk's: give --anchors <folder> and --public-key <key>.",
    );
  }
  return async (terminal) => {
    const { verifyAlone } = await import("./verify-alone.ts");
    return verifyAlone({ connectionString, terminal }, { anchors, publicKeys, month, json });
  };
}

function readExport(values: Values, now: Date): Command {
  const format = oneOf("--format", exportFormats, values.format ?? "jsonl");
  const kind = values["actor-kind"];
  const filter = {
    app: values.app,
    actorKind: kind === undefined ? undefined : oneOf("--actor-kind", actorKinds, kind),
    actorId: values.actor,
    action: values.action,
    correlationId: values.correlation,
    from: values.since === undefined ? undefined : readMoment("--since", values.since, now),
    to: values.until === undefined ? undefined : readMoment("--until", values.until, now),
  };
  return async (desk) => (await import("./export.ts")).exportLog(desk, { format, ...filter });
}

function oneOf<Choice extends string>(option: string, choices: readonly Choice[], text: string): Choice {
  const parsed = z.enum(choices).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${option} takes ${choices.join(", ")}, and "${text}" is none.`);
}
