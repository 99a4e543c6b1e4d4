import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EmbeddedPostgresError, unless } from "./embedded-postgres-error.ts";
import { pidNamespace, processStart } from "./processes.ts";

const HEARTBEAT_MS = 3_000;
/** A claim of another container that was not touched for so long is dead. */
export const HEARTBEAT_LOST_MS = 20_000;
const LOCK_TIMEOUT_MS = 180_000;

type Liveness = "here" | "elsewhere" | "dead";

/** One user of a data folder: a file `claims/<id>` that says which process it is, kept fresh while it lives. */
export interface FolderClaim {
  /**
   * Runs `work` while no other claim of this folder runs its own, in this process or another.
   * @throws EmbeddedPostgresError `data_directory_busy` after three minutes of waiting.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** How many other claims are in force, on this machine or container (`here`) and on others (`elsewhere`). */
  others(): Promise<{ here: number; elsewhere: number }>;
  release(): Promise<void>;
}

/** Registers this process as a user of `folder`, which must exist. */
export async function claimFolder(folder: string): Promise<FolderClaim> {
  const claims = join(folder, "claims");
  const id = randomUUID();
  const path = join(claims, id);
  await mkdir(claims, { recursive: true });
  const namespace = await pidNamespace();
  await writeComplete(path, [process.pid, await processStart(process.pid), namespace].join("\n"));
  // Pids of another container cannot be asked about: for those the age of the file has to tell.
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => clearInterval(heartbeat));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    exclusively: async (work) => {
      const lock = await lockFolder(folder, path, namespace);
      try {
        return await work();
      } finally {
        await writeComplete(lock, "");
      }
    },
    others: async () => {
      const count = { here: 0, elsewhere: 0 };
      for (const name of await readdir(claims)) {
        if (name === id || name.endsWith(".part")) continue;
        const liveness = await livenessOf(join(claims, name), namespace);
        if (liveness === "dead") await rm(join(claims, name), { force: true });
        else count[liveness] += 1;
      }
      return count;
    },
    release: async () => {
      clearInterval(heartbeat);
      await rm(path, { force: true });
    },
  };
}

/**
 * Takes the folder's lock and returns its file. Locks are numbered: the holder has the highest number,
 * a successor links the next one, which only one can do. The highest is never removed, only emptied,
 * so that nobody who was slow can take a number that was held before and believe it is the newest.
 */
async function lockFolder(folder: string, claim: string, namespace: string): Promise<string> {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  const file = (number: number) => join(folder, `lock.${number}`);
  while (Date.now() < deadline) {
    const newest = (await lockNumbers(folder)).at(-1) ?? 0;
    if (newest > 0 && (await livenessOf(file(newest), namespace)) !== "dead") {
      await delay(20);
      continue;
    }
    const mine = newest + 1;
    // A hard link is created whole or not at all, and shares the claim's heartbeat.
    const taken = await unless(
      ["EEXIST"],
      link(claim, file(mine)).then(() => true),
    );
    if (taken !== true) continue;
    const numbers = await lockNumbers(folder);
    if (numbers.at(-1) === mine) {
      for (const old of numbers.slice(0, -1)) await rm(file(old), { force: true });
      return file(mine);
    }
    await rm(file(mine), { force: true });
  }
  throw new EmbeddedPostgresError(
    "data_directory_busy",
    `Another process has been starting or stopping the database in ${folder} for three minutes. Stop that process, then start again.`,
  );
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []);
  return names.map(Number).sort((a, b) => a - b);
}

async function livenessOf(file: string, namespace: string): Promise<Liveness> {
  const text = await unless(["ENOENT"], readFile(file, "utf8"));
  const [pid, start, theirNamespace] = (text ?? "").split("\n");
  if (pid === undefined || pid === "") return "dead";
  if (theirNamespace === namespace) return (await processStart(Number(pid))) === start ? "here" : "dead";
  const modified = (await unless(["ENOENT"], stat(file)))?.mtimeMs ?? 0;
  return Math.abs(Date.now() - modified) < HEARTBEAT_LOST_MS ? "elsewhere" : "dead";
}

async function writeComplete(file: string, content: string): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await writeFile(part, content);
  await rename(part, file);
}
