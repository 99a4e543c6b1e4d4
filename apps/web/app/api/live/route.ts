import { readOperator } from "../../../src/access/operator.ts";
import { route } from "../../../src/access/route.ts";
import { streamChanges } from "../../../src/live/stream-changes.ts";
import { getRuntime } from "../../../src/runtime.ts";

/** What the console listens to, so that its pages show what is without being loaded again. */
export const GET = route(
  { permission: "refunds.read", owner: "apps" },
  async ({ dependencies, headers, signal }) => {
    const runtime = getRuntime();
    return streamChanges(dependencies, runtime.changes, {
      reader: () => readOperator(runtime, headers),
      signal,
    });
  },
);
