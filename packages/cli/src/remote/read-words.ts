import { type ParseArgsConfig, parseArgs } from "node:util";
import { readArguments, readWholeNumber } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";

/** Of every command that speaks with a desk. */
const common = { url: { type: "string" }, json: { type: "boolean" } } as const;

/**
 * Reads the words behind a command: its options and what belongs to none of them, in order.
 *
 * @param options beside `--url` and `--json`
 * @param takes what the other words are, e.g. `["the purchase, pur_…"]`; each is needed
 * @throws UsageError
 */
export function readWords<const Given extends NonNullable<ParseArgsConfig["options"]>>(
  words: readonly string[],
  options: Given,
  takes: readonly string[],
  next: string,
) {
  const all = { ...options, ...common };
  const { tokens } = parseArgs({ args: [...words], options: all, strict: false, tokens: true });
  const stray = tokens.filter((token) => token.kind === "positional");
  const places = new Set(stray.map(({ index }) => index));
  const values = readArguments(
    words.filter((word, place) => word !== "--" && !places.has(place)),
    all,
    next,
  );
  const missing = takes[stray.length];
  if (missing !== undefined) throw new UsageError(`Name ${missing}. ${next}`);
  const extra = stray[takes.length];
  if (extra !== undefined) throw new UsageError(`"${extra.value}" is too much here. ${next}`);
  return { values, given: stray.map(({ value }) => value) };
}

/** `--limit`, from 1 to 100. @throws UsageError */
export function readLimit(limit: string | undefined, next: string): number | undefined {
  const read = readWholeNumber("--limit", limit, 1, next);
  if (read === undefined || read <= 100) return read;
  throw new UsageError(`--limit takes a whole number from 1 to 100, not "${limit}". ${next}`);
}
