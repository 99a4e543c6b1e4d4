import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LaneResult, LaneTask } from "./lane.ts";

/** A lane's process ended before it was told to: the machine, or a defect of the simulation. */
export class LaneError extends Error {
  override readonly name = "LaneError";
}

/**
 * Runs seeds in several processes at once, each with a database server of its own.
 *
 * @param options.next the next seed, or null when there is none left
 * @throws LaneError
 */
export async function runLanes(options: {
  count: number;
  next: () => LaneTask | null;
  onResult: (result: LaneResult) => void;
}): Promise<void> {
  const program = fileURLToPath(new URL("lane-process.ts", import.meta.url));
  const children = Array.from({ length: options.count }, () =>
    fork(program, { execArgv: ["--import", "tsx"] }),
  );
  try {
    await Promise.all(children.map((child) => runLane(child, options)));
  } finally {
    // They stop their servers once nobody talks to them; we wait, so that none is left behind.
    await Promise.all(children.map(leave));
  }
}

async function runLane(
  child: ChildProcess,
  { next, onResult }: Pick<Parameters<typeof runLanes>[0], "next" | "onResult">,
): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new LaneError(`a lane ended with ${code}`)));
  });
  ended.catch(() => {});
  const answer = (): Promise<unknown> =>
    Promise.race([once(child, "message").then(([message]) => message), ended]);
  await answer();
  for (let task = next(); task !== null; task = next()) {
    const result = answer();
    child.send(task);
    // It comes from `lane-process.ts`, and nobody else has this channel.
    onResult((await result) as LaneResult);
  }
}

async function leave(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  await exited;
}
