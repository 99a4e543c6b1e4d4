import { z } from "zod";
import type { Connections } from "../open-desk.ts";
import { type Measure, type Meter, measures } from "./meter.ts";

const isMeasure = (name: string): name is Measure => Object.hasOwn(measures, name);

/** What one process says of itself, as it travels from a worker to its desk. */
export const processReading = z.object({
  process: z.enum(["web", "worker"]),
  residentBytes: z.number(),
  connections: z.object({ total: z.number(), idle: z.number(), waiting: z.number() }),
  series: z.array(
    z.object({
      measure: z.string().refine(isMeasure),
      labels: z.record(z.string(), z.string()).readonly(),
      counts: z.array(z.number()).readonly(),
      seconds: z.number(),
    }),
  ),
});
export type ProcessReading = z.infer<typeof processReading>;

/** Reads this process. */
export function readProcess(
  name: ProcessReading["process"],
  { meter, connections }: { meter: Meter | undefined; connections: () => Connections },
): ProcessReading {
  return {
    process: name,
    residentBytes: process.memoryUsage.rss(),
    connections: { ...connections() },
    series: meter?.read() ?? [],
  };
}
