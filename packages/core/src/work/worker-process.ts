import { setPriority } from "node:os";
import { setFlagsFromString } from "node:v8";
import { readConfiguration } from "../configuration.ts";
import { createLogger } from "../logger.ts";
import { readProcess } from "../metrics/process-reading.ts";
import { openDesk } from "../open-desk.ts";
import { startTracing } from "../tracing/start-tracing.ts";
import { type FromWorker, type ToWorker, toWorker } from "./messages.ts";
import { startWork, type Work } from "./start-work.ts";

/** Of 19, the most yielding: who waits for an answer, Stripe or a person, goes before what only has to be done soon. */
const yielding = 10;

/**
 * Percent of the memory in use that may be added before what is old is collected. V8 would wait for several times as
 * much, so that a long import, which keeps nothing, would grow by a hundred megabytes.
 */
const heapGrowth = 50;
/** More often than anybody looks at metrics. */
const measureMs = 2_000;

/**
 * The worker of a desk: engine, relay and sweepers in a process of their own, so that a workflow never holds
 * up the loop that acknowledges webhooks. Started by `forkWork`, which gives the environment and the channel.
 */
async function runWorker(): Promise<void> {
  setPriority(yielding);
  setFlagsFromString(`--heap-growing-percent=${heapGrowth}`);
  // A terminal and systemd signal the whole group; the desk says when to stop, and after its requests.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  // The desk is gone, by a kill perhaps: another may start at any moment.
  process.on("disconnect", () => process.exit(1));

  let isCrowded = false;
  let work: Work | null = null;
  const heard: ToWorker[] = [];
  const hear = (message: ToWorker) => {
    if (message.kind === "crowd") isCrowded = message.isThere;
    else if (work === null) heard.push(message);
    else if (message.kind === "wake") work.wake(message.queued);
    else void stop(work);
  };
  process.on("message", (message) => hear(toWorker.parse(message)));

  const configuration = readConfiguration(process.env);
  const connectionString = configuration.databaseUrl;
  if (connectionString === null) throw new Error("unreachable: the desk gives its database");
  const logger = createLogger({ level: configuration.logLevel });
  const stopTracing = await startTracing(process.env, "redress-worker");
  const desk = await openDesk({ configuration, connectionString, logger });
  desk.wakeBy((queued) => work?.wake(queued));
  const stop = async (running: Work) => {
    await running.stop();
    await desk.close();
    await stopTracing();
    process.exit(0);
  };
  const started = await startWork({
    dependencies: desk.dependencies,
    configuration,
    connectionString,
    isCrowded: () => isCrowded,
  });
  work = started;
  for (const message of heard) hear(message);
  const tell = (message: FromWorker) => process.send?.(message);
  tell({ kind: "ready" });
  const { connections, dependencies } = desk;
  setInterval(() => {
    tell({ kind: "measured", reading: readProcess("worker", { meter: dependencies.meter, connections }) });
  }, measureMs).unref();
}

await runWorker();
