import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError, errorCode, unless } from "./embedded-postgres-error.ts";
import { freePort } from "./free-port.ts";
import { commandLine, processStart, workingDirectory } from "./processes.ts";
import { programOptions } from "./run-program.ts";
import type { ServerUser } from "./server-user.ts";

const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;
/** How long the backends of a killed postmaster may take to notice and let go of the shared memory. */
const REMNANTS_TIMEOUT_MS = 30_000;
const POLL_MS = 15;

/** A running server process. */
export interface Postmaster {
  pid: number;
  startedAt: string;
  port: number;
}

/**
 * The server that runs on this folder, whoever started it. After a kill `postmaster.pid` stays, and its pid
 * may by now belong to another program, so the process is asked what it is.
 */
export async function findPostmaster(
  cluster: string,
): Promise<(Postmaster & { ready: boolean }) | undefined> {
  // Lines, says PostgreSQL's pidfile.h: pid, folder, start, port, socket folder, address, shared memory, status.
  const text = await unless(["ENOENT"], readFile(join(cluster, "postmaster.pid"), "utf8"));
  const lines = text?.split("\n") ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const startedAt = await processStart(pid);
  if (startedAt === undefined || !(await serves(pid, cluster))) return undefined;
  return { pid, startedAt, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/** In doubt yes: it is worse to run a second server than to fail to take over the first. */
async function serves(pid: number, cluster: string): Promise<boolean> {
  const command = await commandLine(pid);
  if (!/(^|\/)postgres /.test(command)) return false;
  // It works in its data folder, also after that was moved.
  const folder = await workingDirectory(pid);
  if (folder !== undefined) return folder === cluster;
  return !command.includes(" -D ") || command.includes(` -D ${cluster} `);
}

/** Waits until the server accepts connections. @returns undefined when it ended instead */
export async function untilReady(cluster: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const found = await findPostmaster(cluster);
    if (found === undefined || found.ready) return found;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    "start_failed",
    `The database in ${cluster} is not ready after five minutes. Read server.log beside it, mend what it says, then start again.`,
  );
}

export interface StartSettings {
  home: string;
  binaries: Binaries;
  user: ServerUser | undefined;
  port: number | undefined;
  durable: boolean;
  settings: Readonly<Record<string, string>>;
}

/**
 * Starts a server and waits until it is ready. The caller holds the folder's lock and has seen that no
 * server runs; PostgreSQL's own interlocks (postmaster.pid, shared memory) would refuse a second one still.
 * @throws EmbeddedPostgresError `start_failed` with the end of the server's log
 */
export async function startPostmaster(
  start: StartSettings,
  log: (line: string) => void,
): Promise<Postmaster> {
  const logFile = join(start.home, "server.log");
  // Stale, or we would not be here. Left in place, a pid that was given to another program would forbid the
  // start, and one that our own server gets again (usual in containers) would make it look ready at once.
  await rm(join(start.home, "cluster", "postmaster.pid"), { force: true });
  await unless(["ENOENT"], rename(logFile, join(start.home, "server.previous.log")));
  const giveUp = Date.now() + REMNANTS_TIMEOUT_MS;
  let port = await freePort(start.port);
  if (start.port !== undefined && start.port !== port) log(`Port ${start.port} is taken; using ${port}.`);
  for (;;) {
    const { running, output } = await tryStart(start, port, logFile);
    if (running) return running;
    const again = Date.now() < giveUp;
    if (again && output.includes("could not create any TCP/IP sockets")) {
      port = await freePort(undefined);
      log(`The port was taken meanwhile; using ${port}.`);
    } else if (again && /pre-existing shared memory block|lock file "postmaster.pid"/.test(output)) {
      await delay(100);
    } else {
      const reason = output.split("\n").slice(-15).join("\n").trim();
      throw new EmbeddedPostgresError(
        "start_failed",
        `The database in ${start.home} did not start. Mend what its log says (${logFile}), or set DATABASE_URL:\n${reason}`,
      );
    }
  }
}

async function tryStart(start: StartSettings, port: number, logFile: string) {
  const cluster = join(start.home, "cluster");
  const output = await open(logFile, "a", 0o600);
  try {
    const from = (await output.stat()).size;
    const settings = Object.entries(serverSettings(start, port));
    const child = spawn(
      start.binaries.postgres,
      ["-D", cluster, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      // Its own session: Ctrl-C in the terminal reaches us, and we stop the server after our own work.
      { ...programOptions(start.user, cluster), detached: true, stdio: ["ignore", output.fd, output.fd] },
    );
    child.unref();
    const running = await untilOwnReady(child, cluster);
    const printed = running ? "" : (await readFile(logFile)).subarray(from).toString("utf8");
    return { running, output: printed };
  } finally {
    await output.close();
  }
}

async function untilOwnReady(child: ChildProcess, cluster: string): Promise<Postmaster | undefined> {
  let ended = false;
  let failure: Error | undefined;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", (error) => {
    ended = true;
    failure = error;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    const found = await findPostmaster(cluster);
    if (found?.pid === child.pid) return untilReady(cluster);
    await delay(POLL_MS);
  }
  if (failure) throw failure;
  return undefined;
}

function serverSettings({ durable, settings }: StartSettings, port: number): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    ...settings,
  };
}

/** Ends a server as PostgreSQL's "fast shutdown" does: open transactions are rolled back, all is written. */
export async function stopPostmaster({ pid, startedAt }: Postmaster): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errorCode(error) !== "ESRCH") throw error;
    }
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if ((await processStart(pid)) !== startedAt) return;
      await delay(POLL_MS);
    }
  }
  throw new EmbeddedPostgresError(
    "stop_failed",
    `The database server (process ${pid}) does not end. Look at server.log in its data directory, then end that process.`,
  );
}
