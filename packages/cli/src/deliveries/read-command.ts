import { parseArgs } from "node:util";
import { deliveryStates } from "@redress/core/notifications/list-deliveries";
import { z } from "zod";
import type { Command } from "../command.ts";
import { readMoment } from "../read-since.ts";
import { UsageError } from "../usage-error.ts";

const help = "See npm run redress -- deliveries --help.";
/** Which options a subcommand takes, beside `--json`. */
const takes: Readonly<Record<string, readonly string[]>> = {
  list: ["app", "state", "since", "until", "limit", "cursor"],
  show: [],
  resend: ["app", "state", "since", "until", "yes"],
};

/**
 * Reads what follows `redress deliveries`.
 *
 * @throws UsageError
 */
export function readDeliveriesCommand(words: readonly string[], now: Date): Command {
  const [subcommand = "", ...rest] = words;
  const allowed = takes[subcommand];
  if (allowed === undefined) throw new UsageError(`Say list, show or resend. ${help}`);
  const { values, positionals } = parse(rest);
  const strange = Object.keys(values).find((name) => name !== "json" && !allowed.includes(name));
  if (strange !== undefined) throw new UsageError(`deliveries ${subcommand} takes no --${strange}. ${help}`);
  const given = { values, positionals, now };
  if (subcommand === "list") return readList(given);
  return subcommand === "show" ? readShow(given) : readResend(given);
}

interface Words {
  readonly values: ReturnType<typeof parse>["values"];
  readonly positionals: readonly string[];
  readonly now: Date;
}

function readList(words: Words): Command {
  const [stray] = words.positionals;
  if (stray !== undefined) throw new UsageError(`"${stray}" is too much here. ${help}`);
  const { app, cursor, json = false } = words.values;
  const limit = checked(z.coerce.number().int().min(1).max(100), "limit", words.values.limit) ?? 50;
  const state = checked(z.enum(deliveryStates), "state", words.values.state);
  const filter = { app, state, ...readWindow(words) };
  return async (desk) => (await import("./list.ts")).list(desk, filter, { limit, cursor, json });
}

function readShow(words: Words): Command {
  const id = readId(words);
  const { json = false } = words.values;
  return async (desk) => (await import("./show.ts")).show(desk, id, { json });
}

function readResend(words: Words): Command {
  const { app, yes = false, json = false } = words.values;
  const { since, until } = readWindow(words);
  if (words.positionals.length > 0) {
    const id = readId(words);
    if (since || until || app || words.values.state) {
      throw new UsageError(`Give an id, or a window, not both. ${help}`);
    }
    return async (desk) => (await import("./resend.ts")).resendOne(desk, id, { json });
  }
  if (since === undefined || until === undefined) {
    throw new UsageError("Say what to send: an id, or a window with --since <date> and --until <date>.");
  }
  const state = checked(z.enum(["dead", "declined"]), "state", words.values.state) ?? "dead";
  const window = { app, state, since, until };
  return async (desk) => (await import("./resend.ts")).resendAll(desk, window, { yes, json });
}

function readWindow({ values, now }: Words): { since: Date | undefined; until: Date | undefined } {
  const since = values.since === undefined ? undefined : readMoment("--since", values.since, now);
  const until = values.until === undefined ? undefined : readMoment("--until", values.until, now);
  if (since && until && since >= until) {
    throw new UsageError("--since is not before --until. Give a start before the end.");
  }
  return { since, until };
}

function readId({ positionals: [id, more] }: Words): string {
  if (id !== undefined && more === undefined && id.startsWith("ntf_")) return id;
  throw new UsageError(`Give the id of one message, ntf_…. ${help}`);
}

function checked<Output>(
  schema: z.ZodType<Output>,
  name: string,
  value: string | undefined,
): Output | undefined {
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--${name} does not take "${value}". ${help}`);
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
        state: text,
        since: text,
        until: text,
        limit: text,
        cursor: text,
        yes: flag,
        json: flag,
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}. ${help}`);
  }
}
