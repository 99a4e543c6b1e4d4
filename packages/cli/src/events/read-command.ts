import { parseArgs } from "node:util";
import { z } from "zod";
import type { Command } from "../command.ts";
import { readMoment } from "../read-since.ts";
import { UsageError } from "../usage-error.ts";
import { type Filters, type PageOptions, statusSchema } from "./options.ts";

const filterOptions = ["app", "type", "status", "label", "since", "until"] as const;
/** Which options a subcommand takes, beside `--json`. */
const takes: Readonly<Record<string, readonly string[]>> = {
  list: [...filterOptions, "limit", "cursor"],
  show: ["payload"],
  dead: ["app", "limit", "cursor"],
  replay: [...filterOptions, "yes"],
  pull: ["app", "since", "until"],
};

const limitSchema = z.coerce.number().int().min(1).max(500);

/**
 * Reads what follows `redress events`.
 *
 * @throws UsageError
 */
export function readEventsCommand(words: readonly string[], now: Date): Command {
  const [subcommand, ...rest] = words;
  const allowed = subcommand === undefined ? undefined : takes[subcommand];
  if (subcommand === undefined || allowed === undefined) {
    const said =
      subcommand === undefined ? "Say what to do with events" : `There is no "events ${subcommand}"`;
    throw new UsageError(`${said}: list, show, dead, replay or pull. See npm run redress -- events --help.`);
  }
  const { values, positionals } = parse(rest);
  const strange = Object.keys(values).find((name) => name !== "json" && !allowed.includes(name));
  if (strange !== undefined) {
    throw new UsageError(`events ${subcommand} takes no --${strange}. See npm run redress -- events --help.`);
  }
  return readers[subcommand]?.({ values, positionals, now }) ?? unreachable();
}

interface Words {
  readonly values: ReturnType<typeof parse>["values"];
  readonly positionals: readonly string[];
  readonly now: Date;
}

const readers: Readonly<Record<string, (words: Words) => Command>> = {
  list(words) {
    noIds(words);
    const [filters, page] = [readFilters(words), readPage(words)];
    return async (desk) => (await import("./list.ts")).list(desk, filters, page);
  },
  show(words) {
    const eventId = oneId(words, /^evt_/, "events show takes the id of one event, evt_….");
    const { payload = false, json = false } = words.values;
    return async (desk) => (await import("./show.ts")).show(desk, eventId, { payload, json });
  },
  dead(words) {
    noIds(words);
    const [app, page] = [words.values.app, readPage(words)];
    return async (desk) => (await import("./dead.ts")).dead(desk, app, page);
  },
  replay: readReplay,
  pull(words) {
    noIds(words);
    const { app, json = false } = words.values;
    const { since, until } = readFilters(words);
    if (app === undefined || since === undefined) {
      throw new UsageError("Say of which app, and from when on: events pull --app <slug> --since <date>.");
    }
    return async (desk) => (await import("./pull.ts")).pull(desk, { app, since, until, json });
  },
};

function readReplay(words: Words): Command {
  const { yes = false, json = false } = words.values;
  const filters = readFilters(words);
  if (words.positionals.length > 0) {
    const id = oneId(
      words,
      /^(evt|msg)_/,
      "events replay takes the id of one event, evt_…, or dead letter, msg_….",
    );
    const given = Object.entries(filters).find(([, value]) => value !== undefined);
    if (given) throw new UsageError(`--${given[0]} goes with a window: leave out the id, or the filters.`);
    return async (desk) => (await import("./replay-one.ts")).replayOne(desk, id, { json });
  }
  const { since, until, ...rest } = filters;
  if (since === undefined || until === undefined) {
    throw new UsageError("Say what to replay: an id, or a window with --since <date> and --until <date>.");
  }
  const window = { ...rest, since, until };
  return async (desk) => (await import("./replay-window.ts")).replayAll(desk, window, { yes, json });
}

function readFilters({ values, now }: Words): Filters {
  const { app, type, label } = values;
  const status = statusSchema.safeParse(values.status);
  if (values.status !== undefined && !status.success) {
    throw new UsageError(
      `--status takes ${statusSchema.options.join(", ")}, and "${values.status}" is none.`,
    );
  }
  const since = values.since === undefined ? undefined : readMoment("--since", values.since, now);
  const until = values.until === undefined ? undefined : readMoment("--until", values.until, now);
  if (since && until && since >= until) {
    throw new UsageError("--since is not before --until. Give a start before the end.");
  }
  return { app, type, status: status.data, label, since, until };
}

function readPage({ values: { limit = "50", cursor, json = false } }: Words): PageOptions {
  const parsed = limitSchema.safeParse(limit);
  if (parsed.success) return { limit: parsed.data, cursor, json };
  throw new UsageError(`--limit takes a whole number from 1 to 500, and "${limit}" is none.`);
}

function oneId({ positionals }: Words, form: RegExp, sentence: string): string {
  const [id, more] = positionals;
  if (id === undefined || more !== undefined || !form.test(id)) throw new UsageError(sentence);
  return id;
}

function noIds({ positionals: [stray] }: Words): void {
  if (stray === undefined) return;
  throw new UsageError(`"${stray}" is too much here. See npm run redress -- events --help.`);
}

function unreachable(): never {
  throw new Error("a subcommand of events has no reader");
}

function parse(words: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        app: text,
        type: text,
        status: text,
        label: text,
        since: text,
        until: text,
        limit: text,
        cursor: text,
        payload: flag,
        yes: flag,
        json: flag,
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}. See npm run redress -- events --help.`);
  }
}
