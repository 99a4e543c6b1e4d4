import { readArguments, readWholeNumber } from "@redress/cli/read-arguments";

export interface SimulationOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly explain: boolean;
}

const usage = "Use: npm run simulate -- [--seeds 100] [--seed 1] [--explain]";

export const simulationHelp = `Plays random stories, each from one seed, and judges every promise of Redress at the end.

${usage}

  --seeds <n>  how many runs (default 100)
  --seed <n>   the first seed (default 1). --seed 7 alone plays that one seed; --seeds 100 --seed 7 plays 7 to 106
  --explain    one run after the other, with every step told
  --help       this text
`;

/**
 * Reads the command line. `--seed 7` alone runs that one; `--seeds 100 --seed 7` runs 7 to 106.
 *
 * @throws UsageError
 */
export function readOptions(argv: readonly string[]): SimulationOptions {
  const text = { type: "string" } as const;
  const values = readArguments(argv, { seed: text, seeds: text, explain: { type: "boolean" } }, usage);
  const firstSeed = readWholeNumber("--seed", values.seed, 0, usage) ?? 1;
  const seeds = readWholeNumber("--seeds", values.seeds, 1, usage) ?? (values.seed === undefined ? 100 : 1);
  return { seeds, firstSeed, explain: values.explain ?? false };
}
