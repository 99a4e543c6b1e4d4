import { readArguments, readWholeNumber } from "@redress/cli/read-arguments";

export interface PlantedOptions {
  /** Part of the name of the bugs to plant; all of them without it. */
  readonly bug: string | undefined;
  readonly first: number;
  readonly count: number;
}

const usage = "Use: npm run planted -- [--bug 03] [--seeds 1000] [--seed 1]";

export const plantedHelp = `Plants mistakes in copies of the code; the simulation has to find each, and nothing in the code itself.

${usage}

  --bug <text>  only the bugs with this in their name, such as 03 or outbox (default: all)
  --seeds <n>   look for each in at most so many runs (default 1000)
  --seed <n>    the first seed (default 1); --seeds 100 --seed 7 tries 7 to 106
  --help        this text
`;

/**
 * Reads the command line of `npm run planted`.
 *
 * @throws UsageError
 */
export function readPlantedOptions(argv: readonly string[]): PlantedOptions {
  const text = { type: "string" } as const;
  const { bug, seed, seeds } = readArguments(argv, { bug: text, seeds: text, seed: text }, usage);
  return {
    bug,
    first: readWholeNumber("--seed", seed, 0, usage) ?? 1,
    count: readWholeNumber("--seeds", seeds, 1, usage) ?? 1000,
  };
}
