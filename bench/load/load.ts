import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { EventTemplate } from "./event-source.ts";
import type { LoadOrder } from "./process.ts";
import type { LoadJob, LoadResult } from "./send-events.ts";

/** Whoever posts events, in a process of its own. */
export interface Load {
  readonly pid: number;
  /** One at a time. */
  run(job: LoadJob): Promise<LoadResult>;
  close(): Promise<void>;
}

/** Starts the process that posts events made from these templates. */
export function startLoad(templates: readonly EventTemplate[]): Load {
  const path = fileURLToPath(new URL("process.ts", import.meta.url));
  const child = fork(path, { serialization: "advanced", execArgv: ["--import", "tsx"] });
  const send = (order: LoadOrder) => child.send(order);
  send({ templates });
  return {
    pid: child.pid ?? 0,
    run(job) {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error("The process that posts the events has ended."));
        child.once("exit", ended);
        child.once("message", (result: LoadResult) => {
          child.off("exit", ended);
          resolve(result);
        });
        send({ job });
      });
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
