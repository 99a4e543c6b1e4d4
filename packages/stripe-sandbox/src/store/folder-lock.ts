import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * One sandbox per data folder: a file with the process id. One that was left by a dead process is taken over.
 * @returns the function that lets the folder go
 * @throws Error when a running process holds it
 */
export function lockFolder(directory: string): () => void {
  const path = join(directory, "sandbox.pid");
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
  } catch {
    const holder = Number(readFileSync(path, "utf8"));
    if (Number.isInteger(holder) && holder > 0 && isAlive(holder)) {
      throw new Error(
        `The folder ${directory} belongs to a running sandbox (process ${holder}). Stop it, or choose another folder.`,
      );
    }
    writeFileSync(path, String(process.pid));
  }
  return () => rmSync(path, { force: true });
}
