import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("victim.ts", import.meta.url));

/** What kills those that run now: whoever ends early leaves none behind. */
const running = new Set<() => Promise<void>>();

/** A real process of the desk. */
export interface DeskProcess {
  readonly url: string;
  /** Names of the numbered calls, so far. */
  readonly calls: readonly string[];
  /** Resolves with the call at which it killed itself, or null when it ended otherwise. */
  readonly died: Promise<string | null>;
  kill(): Promise<void>;
}

/** Starts one, and waits until it listens. */
export async function startDeskProcess(environment: Readonly<Record<string, string>>): Promise<DeskProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    // It ends with us: its standard input is closed then.
    stdio: ["pipe", "pipe", "inherit"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...environment },
  });
  const closed = once(child, "close");
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  running.add(kill);
  void closed.then(() => running.delete(kill));
  const calls: string[] = [];
  let struck: string | null = null;
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [verb, ...rest] = line.split(" ");
      const text = rest.join(" ");
      if (verb === "listening") resolve(text);
      else if (verb === "call") calls.push(text);
      else if (verb === "dies") struck = text;
    });
  });
  const failed = closed.then(() => Promise.reject(new Error("the process ended before it listened")));
  return {
    url: await Promise.race([url, failed]),
    calls,
    died: closed.then(() => struck),
    kill,
  };
}

export async function killAll(): Promise<void> {
  await Promise.all([...running].map((kill) => kill()));
}
