import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { query } from "../testing/admin.ts";
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./index.ts";
import { postmasters, spawnOwner, temporaryFolder } from "./server-processes.fixture.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDirectory: string;
let log: string[];

beforeEach(async () => {
  folder = await temporaryFolder(0o711);
  dataDirectory = join(folder.path, "data");
  log = [];
});
afterEach(() => folder.remove());

const start = (options: EmbeddedPostgresOptions = {}) =>
  startEmbeddedPostgres({ dataDirectory, onLog: (line) => log.push(line), ...options });

test("data outlive a stop, the password is private, and text is UTF-8 in the same order everywhere", async () => {
  const first = await start();
  await query(first.connectionString(), "create table kept (word text)");
  await query(first.connectionString(), "insert into kept values ('é'), ('Z'), ('a')");
  await first.stop();
  await first.stop();
  expect(await postmasters(folder.path)).toEqual([]);

  const second = await start();
  expect(
    await query(second.connectionString(), "select word, upper(word) u from kept order by word"),
  ).toEqual([
    { word: "Z", u: "Z" },
    { word: "a", u: "A" },
    { word: "é", u: "É" },
  ]);
  expect(await query(second.connectionString(), "show fsync")).toEqual([{ fsync: "on" }]);
  expect((await stat(join(dataDirectory, "password"))).mode & 0o777).toBe(0o600);
  const password = (await readFile(join(dataDirectory, "password"), "utf8")).trim();
  expect(log.join("\n")).not.toContain(password);
  const wrong = second.connectionString().replace(password, randomBytes(8).toString("hex"));
  await expect(query(wrong, "select 1")).rejects.toMatchObject({ code: "28P01" });
  await second.stop();
});

test("a taken port is replaced, and said", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const address = blocker.address();
  const taken = typeof address === "object" && address ? address.port : 0;
  const server = await start({ port: taken, durable: false });
  expect(server.port).not.toBe(taken);
  expect(log).toContain(`Port ${taken} is taken; using ${server.port}.`);
  await server.stop();
  await new Promise((resolve) => blocker.close(resolve));
});

test("a server whose owner was killed is adopted, with its data, and ends with its new owner", async () => {
  const owner = await spawnOwner({ dataDirectory }).ready;
  await query(owner.connectionString, "create table kept as select 42 as answer");
  const [orphan] = await postmasters(folder.path);
  await owner.kill();

  const adopted = await start();
  expect(log.at(-1)).toMatch(/^Adopted PostgreSQL/);
  expect(adopted.port).toBe(owner.port);
  expect(await query(adopted.connectionString(), "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(await postmasters(folder.path)).toEqual([orphan]);
  await adopted.stop();
  expect(await postmasters(folder.path)).toEqual([]);
});

test("after owner and postmaster were killed the next start recovers what was committed", async () => {
  const owner = await spawnOwner({ dataDirectory }).ready;
  await query(owner.connectionString, "create table kept as select 42 as answer");
  // A backend that outlives its postmaster for a moment holds the shared memory that a new one needs.
  const backend = new pg.Client({ connectionString: owner.connectionString });
  backend.on("error", () => undefined);
  await backend.connect();
  const [killed] = await postmasters(folder.path);
  await owner.kill();
  process.kill(killed?.pid ?? 0, "SIGKILL");
  expect(await readdir(join(dataDirectory, "cluster"))).toContain("postmaster.pid");

  const recovered = await start();
  expect(log.at(-1)).toMatch(/^Started PostgreSQL/);
  expect(await query(recovered.connectionString(), "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(await postmasters(folder.path)).toHaveLength(1);
  await recovered.stop();
});

test("a stale postmaster.pid whose pid now belongs to another program is not believed", async () => {
  await (await start({ durable: false })).stop();
  const stale = [process.pid, join(dataDirectory, "cluster"), 1, 5432, "", "127.0.0.1", "1 1", "ready"];
  await writeFile(join(dataDirectory, "cluster", "postmaster.pid"), `${stale.join("\n")}\n`);
  const server = await start({ durable: false });
  expect(log.at(-1)).toMatch(/^Started PostgreSQL/);
  expect(await query(server.connectionString(), "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test("starters at the same time, in three processes, share one server; the last to leave ends it", async () => {
  const children = [1, 2].map(() => spawnOwner({ dataDirectory }).ready);
  const here = await Promise.all([start(), start()]);
  const there = await Promise.all(children);
  expect(new Set([...here, ...there].map(({ port }) => port)).size).toBe(1);
  expect(await postmasters(folder.path)).toHaveLength(1);

  // Whoever of them started the server, and however its user ends.
  await here[0]?.stop();
  await there[0]?.stop();
  await there[1]?.kill();
  expect(await query(here[1]?.connectionString() ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
  await here[1]?.stop();
  expect(await postmasters(folder.path)).toEqual([]);
});

test("an initdb that was killed half-way is made again, and leaves nothing", async () => {
  const owner = spawnOwner({ dataDirectory });
  const halfMade = async () =>
    (await readdir(dataDirectory).catch(() => [])).find((name) => /^initdb\.[^.]+$/.test(name));
  while ((await halfMade()) === undefined) await delay(2);
  owner.kill();
  await expect(owner.ready).rejects.toThrow("ended");

  const server = await start({ durable: false });
  expect(await query(server.connectionString(), "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
  // initdb itself may still run and finish in its own folder; the start after sees to that.
  await (await start({ durable: false })).stop();
  expect(await halfMade()).toBeUndefined();
});

test("a folder in use by another container is waited for until that one's heartbeat is lost", async () => {
  const claim = join(dataDirectory, "claims", "theirs");
  await mkdir(join(dataDirectory, "claims"), { recursive: true });
  await writeFile(claim, `1\n1\nanother boot pid:[1]`);
  const almostLost = new Date(Date.now() - 19_000);
  await utimes(claim, almostLost, almostLost);
  const server = await start({ durable: false });
  expect(log[0]).toMatch(/in use by another machine or container a moment ago/);
  expect(Date.now() - almostLost.getTime()).toBeGreaterThanOrEqual(20_000);
  await server.stop();
});

test("a cluster of another release, a lost password and a missing binary get a typed error and stay as they were", async () => {
  await (await start({ durable: false })).stop();
  const version = join(dataDirectory, "cluster", "PG_VERSION");
  await writeFile(version, "15\n");
  await expect(start()).rejects.toMatchObject({ code: "data_directory_version" });
  expect(await readFile(version, "utf8")).toBe("15\n");
  await writeFile(version, "18\n");
  await writeFile(join(dataDirectory, "password"), "not it\n");
  await expect(start()).rejects.toMatchObject({ code: "password_lost" });
  await expect(start({ binariesDirectory: folder.path })).rejects.toMatchObject({
    code: "binaries_missing",
  });
  expect(await postmasters(folder.path)).toEqual([]);
  expect(await readdir(join(dataDirectory, "claims"))).toEqual([]);
});

test("persistent: false leaves nothing behind", async () => {
  const server = await start({ durable: false, persistent: false });
  await server.stop();
  expect(await readdir(folder.path)).toEqual([]);
});
