import { z } from "zod";

/** What the desk tells its worker process. */
export const toWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("wake"), queued: z.literal("event").optional() }),
  z.object({ kind: z.literal("crowd"), isThere: z.boolean() }),
  z.object({ kind: z.literal("stop") }),
]);
export type ToWorker = z.infer<typeof toWorker>;

/** What it answers: once, when it works. */
export const fromWorker = z.object({ kind: z.literal("ready") });
export type FromWorker = z.infer<typeof fromWorker>;
