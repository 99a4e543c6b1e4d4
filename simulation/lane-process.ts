import { type LaneTask, openLane } from "./lane.ts";

/** A lane in a process of its own: takes seeds from its parent, one at a time, and ends with it. */
const lane = await openLane();

async function end(code: number): Promise<never> {
  await lane.close();
  process.exit(code);
}

process.on("message", (task: LaneTask) => {
  lane.run(task).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      void end(1);
    },
  );
});
process.once("disconnect", () => void end(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end(130));
process.send?.("ready");
