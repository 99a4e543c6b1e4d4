import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Of `/proc/<pid>/stat`; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/**
 * Processor time that a process has used so far, its ended children included where they were waited for.
 *
 * @returns seconds; null where the system does not tell (not Linux), or the process is gone
 */
export async function cpuSeconds(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The name before may hold spaces. proc(5): utime, stime, cutime, cstime are the fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / ticksPerSecond;
}

/** The same of a process and all that it started and still runs. */
export async function familyCpuSeconds(pid: number): Promise<number | null> {
  const used = await Promise.all((await familyOf(pid)).map(cpuSeconds));
  return used.some((seconds) => seconds !== null)
    ? used.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0)
    : null;
}

/** Memory that a process and all that it started hold in RAM, in MB (10^6 bytes). */
export async function residentMb(pid: number): Promise<number> {
  const { stdout } = await run("ps", ["-o", "rss=", "-p", (await familyOf(pid)).join(",")]);
  const sizes = stdout.trim().split(/\s+/).map(Number);
  return (sizes.reduce((sum, size) => sum + size, 0) * 1_024) / 1e6;
}

/** The same of each of them by itself, in bytes, by its id. */
export async function residentBytesOf(pid: number): Promise<Map<number, number>> {
  const { stdout } = await run("ps", ["-o", "pid=,rss=", "-p", (await familyOf(pid)).join(",")]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return new Map(rows.map(([id = 0, size = 0]) => [id, size * 1_024]));
}

/** That of a process and all that it started whose command line has this in it. */
export async function findInFamily(pid: number, part: string): Promise<number> {
  const { stdout } = await run("ps", ["-ww", "-o", "pid=,args=", "-p", (await familyOf(pid)).join(",")]);
  const found = stdout.split("\n").find((line) => line.includes(part));
  if (found === undefined) throw new Error(`None of the processes of ${pid} is ${part}.`);
  return Number.parseInt(found.trim(), 10);
}

/** A signal to a process and all that it started. */
export async function signalFamily(pid: number, signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): Promise<void> {
  for (const member of await familyOf(pid)) process.kill(member, signal);
}

/** A process and all that it started, itself first. */
export async function familyOf(pid: number): Promise<number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="]);
  const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of pairs) if (parent === member && child !== undefined) family.push(child);
  }
  return family;
}

export interface Subject {
  readonly pid: number;
  /** Where it takes events. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one of the programs in `subjects`, and waits until it listens. */
export async function startSubject(program: string, env: Record<string, string>): Promise<Subject> {
  const path = fileURLToPath(new URL(`subjects/${program}.ts`, import.meta.url));
  const child = fork(path, { env: { ...process.env, ...env }, execArgv: ["--import", "tsx"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { port: number }) => resolve(message.port));
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code} before it listened.`)));
  });
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}/webhooks`,
    stop: () => end(child, "SIGTERM"),
  };
}

/** Ends a child and waits until it is gone. */
export async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
