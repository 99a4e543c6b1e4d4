import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { hostname, platform } from "node:os";
import { promisify } from "node:util";
import { unless } from "./embedded-postgres-error.ts";

const run = promisify(execFile);
const linux = platform() === "linux";
const GONE = ["ENOENT", "ESRCH"];

/**
 * When a process started, as its system tells it (comparable, not readable), or undefined when it does
 * not run. With the pid this names one process for good, although pids are used again. A zombie has
 * ended: it only waits for a parent, which in a container may never collect it.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (linux) {
    const stat = await unless(GONE, readFile(`/proc/${pid}/stat`, "utf8"));
    // proc_pid_stat(5): the second field, the name, may hold spaces and brackets; state is the 3rd, starttime the 22nd.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  }
  const listed = await ps("stat=,lstart=", pid);
  return listed === "" || listed.startsWith("Z") ? undefined : listed.replace(/^\S+\s+/, "");
}

/** The program and arguments a process was started with, each with a space behind; empty when it does not run. */
export async function commandLine(pid: number): Promise<string> {
  if (linux)
    return ((await unless(GONE, readFile(`/proc/${pid}/cmdline`, "utf8"))) ?? "").replaceAll("\0", " ");
  return `${await ps("command=", pid)} `;
}

/** The folder a process works in, where the system tells: without CAP_SYS_PTRACE, not even root of another user. */
export async function workingDirectory(pid: number): Promise<string | undefined> {
  return linux ? readlink(`/proc/${pid}/cwd`).catch(() => undefined) : undefined;
}

/** Where a pid means something: this boot of this machine, and in it this container. */
export async function pidNamespace(): Promise<string> {
  if (!linux) return platform();
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => hostname());
  const namespace = await readlink("/proc/self/ns/pid").catch(() => hostname());
  return `${boot.trim()} ${namespace}`;
}

async function ps(columns: string, pid: number): Promise<string> {
  const { stdout } = await run("ps", ["-o", columns, "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim();
}
