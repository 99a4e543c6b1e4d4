import { parseArgs } from "node:util";
import type { SandboxOptions } from "./options.ts";

const DEFAULT_PORT = 4010;

export const USAGE = `A local Stripe: OAuth, payments, refunds, disputes, webhooks, faults.

  npm run sandbox -- [options]

  --port <n>         where to listen (default ${DEFAULT_PORT}; taken: another one is used; 0: any)
  --data <folder>    keep the state in this folder (default: in memory only)
  --rate-limit <n>   answer 429 above n requests a second (default: off; Stripe's test mode: 25)
  --seed <n>         draw ids and keys from this seed
  --help             this text
`;

/** What was typed makes no sense; the message says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(sentence: string) {
    super(`${sentence} See npm run sandbox -- --help.`);
  }
}

const takesValue: ReadonlyMap<string, boolean> = new Map([
  ["port", true],
  ["data", true],
  ["rate-limit", true],
  ["seed", true],
  ["help", false],
]);

/**
 * Reads the command line of `npm run sandbox`.
 *
 * @returns "help" where that was asked for
 * @throws UsageError
 */
export function readCommandLine(argv: readonly string[]): SandboxOptions | "help" {
  if (argv.includes("--help") || argv.includes("-h")) return "help";
  const values = readValues(argv);
  const dataDirectory = values.get("data");
  const seed = readNumber(values, "seed", 999_999_999_999_999);
  return {
    port: readNumber(values, "port", 65_535) ?? DEFAULT_PORT,
    rateLimitPerSecond: readNumber(values, "rate-limit", 999_999_999) ?? 0,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function readValues(argv: readonly string[]): ReadonlyMap<string, string> {
  const options = Object.fromEntries(
    [...takesValue].map(([name, takes]) => [name, { type: takes ? "string" : "boolean" } as const]),
  );
  // Lenient, so that a value may begin with a minus sign and the sentences can name what is wrong.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") throw new UsageError(`"${token.value}" belongs to no option.`);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!takesValue.has(name)) throw new UsageError(`There is no option ${rawName}.`);
    const isSwallowed = inlineValue === false && value?.startsWith("--");
    if (takesValue.get(name) && (!value || isSwallowed)) throw new UsageError(`${rawName} needs a value.`);
    if (!takesValue.get(name)) throw new UsageError(`${rawName} takes no value.`);
    values.set(name, value ?? "");
  }
  return values;
}

function readNumber(values: ReadonlyMap<string, string>, name: string, most: number): number | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 0 to ${most}, not "${text}".`);
}
