import { parseArgs } from "node:util";

export interface SimulationOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly explain: boolean;
}

/** What was typed makes no sense; the message says what does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const usage = "Use: npm run simulate -- --seeds 100 [--seed 1] [--explain]";

/**
 * Reads the command line. `--seed 7` alone runs that one; `--seeds 100 --seed 7` runs 7 to 106.
 *
 * @throws UsageError
 */
export function readOptions(argv: readonly string[]): SimulationOptions {
  const values = parse(argv);
  const firstSeed = readNumber("--seed", values.seed, 0) ?? 1;
  const seeds = readNumber("--seeds", values.seeds, 1) ?? (values.seed === undefined ? 100 : 1);
  return { seeds, firstSeed, explain: values.explain ?? false };
}

function parse(argv: readonly string[]): { seed?: string; seeds?: string; explain?: boolean } {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      args: [...argv],
      options: { seed: text, seeds: text, explain: { type: "boolean" } },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} ${usage}`);
  }
}

function readNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least) {
    throw new UsageError(`${name} takes a whole number from ${least} to 999999999, not "${text}". ${usage}`);
  }
  return value;
}
