import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Violation } from "../judge.ts";
import { belongsTo, type PlantedBug } from "./bugs.ts";
import { copyTree } from "./copy.ts";

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

/** What a search came to. */
export interface Finding {
  /** The first seed that shows the bug for what it is; null when none does. */
  readonly seed: number | null;
  readonly runs: number;
  readonly violation: Violation | null;
  /** Seeds before it that failed with nothing but violations of another kind. */
  readonly otherwise: readonly { readonly seed: number; readonly violation: Violation }[];
}

const searchedSchema = z.object({
  seed: z.int(),
  violations: z.array(z.object({ invariant: z.int(), sentence: z.string() })),
});

/** Runs seed by seed in a copy with the bug, or in one without any, until a run shows what is looked for. */
export async function find(bug: PlantedBug | null, seeds: Seeds, signal: AbortSignal): Promise<Finding> {
  const copy = await copyTree(bug);
  try {
    return await searchIn(copy.directory, bug, seeds, signal);
  } finally {
    await copy.remove();
  }
}

async function searchIn(
  directory: string,
  bug: PlantedBug | null,
  { first, count }: Seeds,
  signal: AbortSignal,
): Promise<Finding> {
  const program = ["--import", "tsx", "simulation/planted/search.ts"];
  const child = spawn(process.execPath, [...program, "--seed", String(first), "--seeds", String(count)], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const end = () => void child.kill();
  signal.addEventListener("abort", end, { once: true });
  const otherwise: { seed: number; violation: Violation }[] = [];
  let runs = 0;
  let found: { seed: number; violation: Violation } | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const { seed, violations } = searchedSchema.parse(JSON.parse(line));
    runs += 1;
    const [any] = violations;
    const violation = bug === null ? any : violations.find((one) => belongsTo(bug, one));
    if (violation !== undefined) found = { seed, violation };
    else if (any !== undefined) otherwise.push({ seed, violation: any });
    if (found !== undefined) break;
  }
  end();
  await ended;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (found === undefined && runs < count) throw new Error(`the search ended after ${runs} of ${count} runs`);
  return { seed: found?.seed ?? null, runs, violation: found?.violation ?? null, otherwise };
}
