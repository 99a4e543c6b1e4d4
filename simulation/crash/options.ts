import { readArguments, readWholeNumber } from "@redress/cli/read-arguments";
import { UsageError } from "@redress/cli/usage-error";
import { idOf, paths, type Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

export interface CrashOptions {
  /** Real processes, at every point; without it, a sample of them after the simulated ones. */
  readonly real: boolean;
  readonly scenarios: readonly Scenario[];
  /** Whether a path was chosen. */
  readonly isPart: boolean;
  readonly point: number | undefined;
  readonly pairs: number;
  readonly seed: number;
  readonly explain: boolean;
}

const ways = [
  "npm run crashes -- [--path execute] [--pairs 200] [--seed 1]",
  "npm run crashes -- --path execute --point 12 [--pairs 2] [--seed 1] [--explain]",
  "npm run crashes -- --real [--seed 1]",
];
const usage = `Use one of: ${ways.join("; ")}.`;

export const crashHelp = `Kills the process before and after every external call of each path, and starts it again.

Use one of
${ways.map((way) => `  ${way}`).join("\n")}

  --path <path>  one of ${paths.join(", ")};
                 or one story of it, such as "execute/Stripe accepts" (default: all)
  --point <n>    only this call of the path; each story counts its own, from 1
  --pairs <n>    in about so many runs the process that recovers is killed, too (default 200; 0 where a point is given)
  --seed <n>     decides which (default 1), and which points real processes are killed at
  --explain      tells the story of the point first
  --real         real processes instead, at every point, on the real clock: half an hour
  --help         this text
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const known = { path: text, point: text, pairs: text, seed: text, explain: flag, real: flag };

/**
 * Reads the command line of `npm run crashes`.
 *
 * @throws UsageError
 */
export function readCrashOptions(argv: readonly string[]): CrashOptions {
  const values = readArguments(argv, known, usage);
  if (values.real && (values.path ?? values.point ?? values.pairs ?? values.explain) !== undefined) {
    throw new UsageError(`--real runs its own paths, at every point: leave the other options out. ${usage}`);
  }
  const chosen = values.path === undefined ? scenarios : scenariosOf(values.path);
  const point = readWholeNumber("--point", values.point, 1, usage);
  if (point !== undefined && chosen.length > 1 && values.path === undefined) {
    throw new UsageError(`--point needs --path: each path counts its own calls. ${usage}`);
  }
  if (values.explain && point === undefined) {
    throw new UsageError(`--explain tells the story of one point: give --path and --point too. ${usage}`);
  }
  return {
    real: values.real ?? false,
    scenarios: chosen,
    isPart: values.path !== undefined,
    point,
    pairs: readWholeNumber("--pairs", values.pairs, 0, usage) ?? (point === undefined ? 200 : 0),
    seed: readWholeNumber("--seed", values.seed, 0, usage) ?? 1,
    explain: values.explain ?? false,
  };
}

/** Every story of a path, or the one that is named with it. */
function scenariosOf(name: string): readonly Scenario[] {
  const found = scenarios.filter((scenario) => scenario.path === name || idOf(scenario) === name);
  if (found.length > 0) return found;
  const ids = scenarios.map((scenario) => `"${idOf(scenario)}"`).join(", ");
  throw new UsageError(`There is no path "${name}". Give one of ${paths.join(", ")}, or one story: ${ids}.`);
}
