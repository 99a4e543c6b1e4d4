import { z } from "zod";
import { processReading } from "../metrics/process-reading.ts";

/** What the desk tells its worker process. */
export const toWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("wake"), queued: z.literal("event").optional() }),
  z.object({ kind: z.literal("crowd"), isThere: z.boolean() }),
  z.object({ kind: z.literal("stop") }),
]);
export type ToWorker = z.infer<typeof toWorker>;

/** What it answers: once, when it works; and what it counted, every few seconds. */
export const fromWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("measured"), reading: processReading }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
