import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EmbeddedPostgresOptions } from "./index.ts";

const TSX = createRequire(import.meta.url).resolve("tsx");
const OWNER = fileURLToPath(new URL("./owner.fixture.ts", import.meta.url));

interface Owner {
  port: number;
  dataDirectory: string;
  connectionString: string;
  log: string[];
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** A process of its own that runs `owner.fixture.ts`; rejects with what it printed when it fails. */
export function spawnOwner(
  options: EmbeddedPostgresOptions,
  as: { uid?: number; gid?: number; env?: Record<string, string>; program?: string } = {},
) {
  const { program = OWNER, env = {}, ...ids } = as;
  const child = spawn(process.execPath, ["--import", TSX, program, JSON.stringify(options)], {
    cwd: "/",
    env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV, TMPDIR: tmpdir(), ...env },
    ...ids,
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  const ready = (async (): Promise<Owner> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const end = async (how: () => void) => {
        how();
        await exited;
      };
      return {
        ...JSON.parse(line),
        stop: () => end(() => child.stdin.write("stop\n")),
        kill: () => end(() => child.kill("SIGKILL")),
      };
    }
    throw new Error(`The owner process ended: ${errors}`);
  })();
  return { ready, kill: () => child.kill("SIGKILL"), exited };
}

/** A folder that is removed at the end, with every server that still runs in it. */
export async function temporaryFolder(mode: number): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "redress-embedded-"));
  await chmod(path, mode);
  return {
    path,
    remove: async () => {
      for (const { pid } of await postmasters(path)) process.kill(pid, "SIGKILL");
      await rm(path, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** The postmasters whose data folder lies in `folder`, without the children that they have just forked. */
export async function postmasters(folder: string): Promise<{ pid: number; user: number }[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,uid=,command="]);
  const found = stdout.split("\n").flatMap((line) => {
    if (!line.includes(`postgres -D ${folder}`)) return [];
    const [pid = 0, parent = 0, user = 0] = line.trim().split(/\s+/).map(Number);
    return [{ pid, parent, user }];
  });
  const pids = new Set(found.map(({ pid }) => pid));
  return found.filter(({ parent }) => !pids.has(parent)).map(({ pid, user }) => ({ pid, user }));
}
