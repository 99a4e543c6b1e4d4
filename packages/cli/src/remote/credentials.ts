import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Environment } from "./remote-command.ts";

const credentialsShape = z.object({ url: z.url(), key: z.string().min(1) });
export type Credentials = z.output<typeof credentialsShape>;

/** Where `sign-in` keeps the key, as the XDG Base Directory Specification says. */
export function credentialsFile(environment: Environment): string {
  const set = environment.XDG_CONFIG_HOME;
  const folder = set?.startsWith("/") ? set : join(environment.HOME ?? homedir(), ".config");
  return join(folder, "redress", "credentials.json");
}

/**
 * What `sign-in` kept; null when nobody is signed in.
 *
 * @throws Error with a sentence when others on this machine may read it, or it is not what was written
 */
export async function readCredentials(environment: Environment): Promise<Credentials | null> {
  const file = credentialsFile(environment);
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    throw new Error(`Others on this machine may read ${file}. Close it with chmod 600 and rotate the key.`);
  }
  try {
    return credentialsShape.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new Error(`${file} is not what redress sign-in wrote. Sign in again.`, { cause });
  }
}

/** Keeps them for this user of the machine alone; a reader meets the old file or the new one. */
export async function writeCredentials(environment: Environment, credentials: Credentials): Promise<string> {
  const file = credentialsFile(environment);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600, flag: "wx" });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return file;
}

export async function removeCredentials(environment: Environment): Promise<void> {
  await rm(credentialsFile(environment), { force: true });
}
