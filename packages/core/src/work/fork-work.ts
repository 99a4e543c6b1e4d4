import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Dependencies } from "../dependencies.ts";
import { refuseEngineCalls } from "../durable/choose-engine.ts";
import type { ProcessReading } from "../metrics/process-reading.ts";
import { fromWorker, type ToWorker } from "./messages.ts";
import type { StartWork, WorkOptions } from "./start-work.ts";

const program = fileURLToPath(new URL("./worker-process.ts", import.meta.url));
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A worker that lived so long did not fall over its start. */
const soundMs = 60_000;
const crowdLookMs = 200;
/** More than the engine takes to let its steps finish. */
const stopPatienceMs = 25_000;

/**
 * Background work in a process of its own, on this machine and of lower priority: for DBOS, which is called by
 * nobody. A worker that dies is started again; whatever it was at is taken up by the next, as after a crash.
 *
 * @param env of the desk; the worker reads its configuration from it as the desk did
 */
export function forkWork(env: Readonly<Record<string, string | undefined>>): StartWork {
  return async (options) => {
    const { start, ...worker } = createWorker(options, env);
    await start();
    return { ...worker, serveEngine: refuseEngineCalls };
  };
}

function createWorker(options: WorkOptions, env: Readonly<Record<string, string | undefined>>) {
  const { dependencies, connectionString, configuration, isCrowded } = options;
  let child: ChildProcess | null = null;
  let stopping = false;
  let again: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;
  let wasCrowded = false;
  /** Of the worker that runs: the next counts from zero, as Prometheus expects of a process. */
  let reading: ProcessReading | null = null;
  const queue = createWakes((message) => tell(child, message));

  function launch(): ChildProcess {
    const own = { DATABASE_URL: connectionString, REDRESS_SECRET: configuration.secret ?? undefined };
    const all: Readonly<Record<string, string | undefined>> = { ...env, ...own };
    const launched = fork(program, {
      // Next's types demand a NODE_ENV, which who types `npm start` has not.
      env: all as NodeJS.ProcessEnv,
      execArgv: ["--import", "tsx"],
    });
    const startedAt = dependencies.clock.now().getTime();
    const gone = (code: number | null, signal: string | null) => {
      if (child === launched) {
        child = null;
        reading = null;
      }
      if (!stopping) replace({ code, signal, startedAt });
    };
    launched.once("exit", gone);
    // One that never came to be has no exit; of any other, `exit` tells what became of it.
    launched.on("error", () => {
      if (launched.pid === undefined) gone(null, null);
    });
    launched.on("message", (said) => {
      const message = fromWorker.parse(said);
      if (message.kind === "measured" && child === launched) reading = message.reading;
    });
    child = launched;
    tell(child, { kind: "crowd", isThere: wasCrowded });
    return launched;
  }

  function replace(ended: { code: number | null; signal: string | null; startedAt: number }): void {
    const { code, signal, startedAt } = ended;
    if (dependencies.clock.now().getTime() - startedAt > soundMs) pauseMs = firstPauseMs;
    const facts = { code, signal, pauseMs };
    dependencies.logger.error(facts, "The worker process ended; it is started again after a pause.");
    again = setTimeout(launch, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  const looking = setInterval(() => {
    if (isCrowded() === wasCrowded) return;
    wasCrowded = !wasCrowded;
    tell(child, { kind: "crowd", isThere: wasCrowded });
    if (!wasCrowded) queue.wake();
  }, crowdLookMs);
  looking.unref();

  return {
    async start() {
      const launched = launch();
      const ended = once(launched, "exit").then(() => "ended" as const);
      const ready = once(launched, "message").then(([message]) => fromWorker.parse(message).kind);
      // A process that could not be made rejects both.
      const outcome = await Promise.race([ended, ready]).catch(() => "ended");
      if (outcome === "ready") return;
      await stop();
      throw new Error("The worker process ended before it worked. Its last lines above say why.");
    },
    wake: (queued?: "event") => {
      // The end of the crowd wakes it.
      if (!(queued === "event" && wasCrowded)) queue.wake(queued);
    },
    measured: () => (reading === null ? [] : [reading]),
    stop,
  };

  async function stop(): Promise<void> {
    stopping = true;
    clearTimeout(again);
    clearInterval(looking);
    const running = child;
    if (running === null) return;
    const ended = once(running, "exit");
    tell(running, { kind: "stop" });
    const cut = setTimeout(() => running.kill("SIGKILL"), stopPatienceMs);
    await ended;
    clearTimeout(cut);
  }
}

/** What is queued in one turn of the event loop wakes once: a message for each event of a group would cost more than the group. */
function createWakes(send: (message: ToWorker) => void): { wake: Dependencies["wakeOutbox"] } {
  let pending: "nothing" | "event" | "others" = "nothing";
  return {
    wake(queued) {
      if (pending === "nothing") setImmediate(flush);
      if (queued !== "event") pending = "others";
      else if (pending === "nothing") pending = "event";
    },
  };

  function flush(): void {
    const message: ToWorker = pending === "event" ? { kind: "wake", queued: "event" } : { kind: "wake" };
    pending = "nothing";
    send(message);
  }
}

/** To a worker that is gone nothing is told: the next looks for all that is due when it starts. */
function tell(child: ChildProcess | null, message: ToWorker): void {
  if (child?.connected) child.send(message, () => {});
}
