import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedPostgresError, unless } from "./embedded-postgres-error.ts";

/** Whom the server runs as. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root needs somebody else: the owner of an existing cluster,
 * else `postgres`, else `nobody`. Nobody is created: a minimal container has no `useradd`.
 * @param cluster PostgreSQL's data folder, which need not exist
 * @returns undefined for an ordinary user, who runs the server directly.
 * @throws EmbeddedPostgresError `server_user_missing`
 */
export async function chooseServerUser(cluster: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = parsePasswd((await unless(["ENOENT"], readFile("/etc/passwd", "utf8"))) ?? "");
  const owner = await unless(["ENOENT"], stat(cluster));
  if (owner && owner.uid !== 0) {
    const name = users.find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid);
    return { name, uid: owner.uid, gid: owner.gid };
  }
  for (const wanted of ["postgres", "nobody"]) {
    const user = users.find(({ name, uid }) => name === wanted && uid !== 0);
    if (user) return user;
  }
  throw new EmbeddedPostgresError(
    "server_user_missing",
    "PostgreSQL does not run as root, and /etc/passwd has neither a user postgres nor nobody. Run Redress as an ordinary user, add one of these users, or set DATABASE_URL.",
  );
}

/** Whether a user may enter every folder above `path` and read it (and enter or execute it, where `execute`). */
export async function isReachable(path: string, user: ServerUser, execute = true): Promise<boolean> {
  if (!(await allows(path, user, execute ? 0o5 : 0o4))) return false;
  return canEnter(dirname(path), user);
}

/** Whether a user may enter `folder` and every folder above it. Judges the permission bits, not ACLs. */
export async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  if (!(await allows(folder, user, 0o1))) return false;
  return dirname(folder) === folder || canEnter(dirname(folder), user);
}

async function allows(path: string, user: ServerUser, wanted: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

function parsePasswd(text: string): ServerUser[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
