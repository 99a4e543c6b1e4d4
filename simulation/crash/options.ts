import { parseArgs } from "node:util";
import { UsageError } from "../options.ts";
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

const usage =
  "Use: npm run crashes -- [--path execute] [--point 12] [--pairs 200] [--seed 1] [--explain] [--real]";

/**
 * Reads the command line of `npm run crashes`.
 *
 * @throws UsageError
 */
export function readCrashOptions(argv: readonly string[]): CrashOptions {
  const values = parse(argv);
  const chosen = values.path === undefined ? scenarios : scenariosOf(values.path);
  const point = readNumber("--point", values.point, 1);
  if (point !== undefined && chosen.length > 1 && values.path === undefined) {
    throw new UsageError(`--point needs --path: each path counts its own calls. ${usage}`);
  }
  if (values.explain && point === undefined) {
    throw new UsageError(`--explain tells the story of one point: give --path and --point too. ${usage}`);
  }
  if (values.real && (values.path ?? values.point ?? values.pairs) !== undefined) {
    throw new UsageError(`--real runs its own paths, at every point: leave the other options out. ${usage}`);
  }
  return {
    real: values.real ?? false,
    scenarios: chosen,
    isPart: values.path !== undefined,
    point,
    pairs: readNumber("--pairs", values.pairs, 0) ?? (point === undefined ? 200 : 0),
    seed: readNumber("--seed", values.seed, 0) ?? 1,
    explain: values.explain ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...argv],
      options: { path: text, point: text, pairs: text, seed: text, explain: flag, real: flag },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} ${usage}`);
  }
}

/** Every story of a path, or the one that is named with it. */
function scenariosOf(name: string): readonly Scenario[] {
  const found = scenarios.filter((scenario) => scenario.path === name || idOf(scenario) === name);
  if (found.length > 0) return found;
  const ids = scenarios.map((scenario) => `"${idOf(scenario)}"`).join(", ");
  throw new UsageError(`There is no path "${name}". Give one of ${paths.join(", ")}, or one story: ${ids}.`);
}

function readNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new UsageError(`${name} takes a whole number from ${least} to 999999999, not "${text}". ${usage}`);
  }
  return Number(text);
}
