import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { query } from "../testing/admin.ts";
import { unless } from "./embedded-postgres-error.ts";
import { startEmbeddedPostgres } from "./index.ts";
import { postmasters, spawnOwner, temporaryFolder } from "./server-processes.fixture.ts";
import { chooseServerUser, isReachable } from "./server-user.ts";

const NOBODY = { name: "nobody", uid: 65534, gid: 65534 };
const here = dirname(fileURLToPath(import.meta.url));
const embedded = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
const installed = join(
  dirname(embedded.resolve(`@embedded-postgres/${platform()}-${arch()}`)),
  "..",
  "native",
);
const isRoot = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder(0o755);
});
afterEach(() => folder.remove());

/** The programs as `npm ci --ignore-scripts` leaves them: without the libraries' short names. */
async function installWithoutScripts(target: string): Promise<string> {
  await cp(installed, target, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  });
  return target;
}

test("programs installed without install scripts are completed", async () => {
  const binariesDirectory = await installWithoutScripts(join(folder.path, "native"));
  const dataDirectory = join(folder.path, "data");
  const server = await startEmbeddedPostgres({ dataDirectory, binariesDirectory, durable: false });
  expect(await query(server.connectionString(), "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

describe.runIf(isRoot)("as root", () => {
  test("a data directory that the server's user cannot enter is refused before anything is made there", async () => {
    await chmod(folder.path, 0o700);
    const dataDirectory = join(folder.path, "data");
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toMatchObject({
      code: "data_directory_unusable",
    });
    expect((await unless(["ENOENT"], readdir(dataDirectory))) ?? []).toEqual([]);
  });

  test("a project below a folder that only root may enter runs from copied programs, its data elsewhere", async () => {
    const before = new Set(await readdir("/var/lib/redress").catch(() => []));
    onTestFinished(async () => {
      const made = (await readdir("/var/lib/redress")).filter((name) => !before.has(name));
      for (const name of made) {
        const path = join("/var/lib/redress", name);
        for (const { pid } of await postmasters(path)) process.kill(pid, "SIGKILL");
        await rm(path, { recursive: true, force: true, maxRetries: 20 });
      }
    });
    const project = join(folder.path, "home", "project");
    const sources = join(project, "packages", "database", "src", "embedded");
    await mkdir(sources, { recursive: true });
    await chmod(join(folder.path, "home"), 0o700);
    await writeFile(join(project, "package.json"), `{ "name": "redress", "type": "module" }`);
    await cp(here, sources, { recursive: true });
    await symlink(join(installed, "..", "..", ".."), join(project, "node_modules"));
    await installWithoutScripts(join(project, "native"));

    const program = join(sources, "owner.fixture.ts");
    const options = { binariesDirectory: join(project, "native"), persistent: false };
    const owner = await spawnOwner(options, { program }).ready;
    expect(owner.dataDirectory).toMatch(/^\/var\/lib\/redress\/[0-9a-f]{12}\/postgres$/);
    expect(owner.log[0]).toContain(`kept in ${owner.dataDirectory}`);
    expect(await query(owner.connectionString, "select 1 as one")).toEqual([{ one: 1 }]);
    const [server] = await postmasters(owner.dataDirectory);
    expect(server?.user).toBe((await chooseServerUser(folder.path))?.uid);
    const running = await readlink(`/proc/${server?.pid}/exe`);
    expect(running).toMatch(/^\/var\/lib\/redress\/binaries-[0-9a-f]{16}\/bin\/postgres$/);
    expect((await stat(running)).uid).toBe(0);
    expect((await stat(running)).mode & 0o022).toBe(0);
    await owner.stop();
  });

  test("what root's server user owns is out of reach for others, and the password is root's alone", async () => {
    const dataDirectory = join(folder.path, "data");
    const server = await startEmbeddedPostgres({ dataDirectory, durable: false });
    expect((await stat(join(dataDirectory, "cluster"))).mode & 0o077).toBe(0);
    expect((await stat(join(dataDirectory, "password"))).uid).toBe(0);
    expect(await isReachable(join(dataDirectory, "password"), NOBODY, false)).toBe(false);
    await server.stop();
  });

  test("an ordinary user runs the server directly, from copied programs where it cannot complete them", async (context) => {
    if (!(await isReachable(join(here, "index.ts"), NOBODY, false))) context.skip();
    const binariesDirectory = await installWithoutScripts(join(folder.path, "native"));
    const home = join(folder.path, "home");
    await mkdir(home);
    await chown(home, NOBODY.uid, NOBODY.gid);
    const as = { uid: NOBODY.uid, gid: NOBODY.gid, env: { HOME: home, TMPDIR: home } };
    const dataDirectory = join(home, "data");
    const owner = await spawnOwner({ dataDirectory, binariesDirectory }, as).ready;
    expect((await postmasters(home)).map(({ user }) => user)).toEqual([NOBODY.uid]);
    expect(owner.log[0]).toMatch(/^Copied .*\.cache\/redress\/binaries-/);
    expect(await query(owner.connectionString, "select 1 as one")).toEqual([{ one: 1 }]);
    await owner.kill();

    // Root takes over what is the user's, and leaves it the user's.
    const root = await startEmbeddedPostgres({ dataDirectory, binariesDirectory });
    expect(root.port).toBe(owner.port);
    await root.stop();
    const again = await startEmbeddedPostgres({ dataDirectory, binariesDirectory });
    expect((await postmasters(home)).map(({ user }) => user)).toEqual([NOBODY.uid]);
    await again.stop();
    const back = await spawnOwner({ dataDirectory, binariesDirectory }, as).ready;
    expect(back.log.at(-1)).toMatch(/^Started/);
    await back.stop();
    expect((await readFile(join(dataDirectory, "password"), "utf8")).trim()).not.toBe("");
  });
});
