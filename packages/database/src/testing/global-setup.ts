import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { discardAbandoned, type EmbeddedPostgres, startEmbeddedPostgres } from "../embedded/index.ts";
import { migrateDatabase } from "../migrate.ts";
import { inDatabase, query } from "./admin.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of a user who may create databases. */
    testDatabaseServer: string;
    /** The migrated, empty database that test databases are copied from. */
    testDatabaseTemplate: string;
  }
}

/**
 * One PostgreSQL server and one migrated template database for the whole test run: `TEST_DATABASE_URL`,
 * or else an embedded server that forgets everything at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const embedded = given ? undefined : await startTestServer();
  const server = given || embedded?.connectionString("postgres") || "";
  // Several runs may share a server that was given.
  const template = `redress_template_${randomBytes(4).toString("hex")}`;
  const dropTemplate = `drop database if exists ${template} with (force)`;
  try {
    await query(server, `create database ${template}`);
    await migrateDatabase(inDatabase(server, template));
  } catch (error) {
    if (given) await query(server, dropTemplate).catch(() => undefined);
    await embedded?.stop();
    throw error;
  }
  project.provide("testDatabaseServer", server);
  project.provide("testDatabaseTemplate", template);
  return async () => {
    if (embedded) await embedded.stop();
    else await query(server, dropTemplate);
  };
}

const FOLDER_PREFIX = "redress-test-";

async function startTestServer(): Promise<EmbeddedPostgres> {
  await discardAbandonedServers();
  const dataDirectory = join(tmpdir(), `${FOLDER_PREFIX}${randomBytes(8).toString("hex")}`);
  return startEmbeddedPostgres({ dataDirectory, durable: false, persistent: false });
}

/** A run that was killed could not clean up. Folders of the last minute may be of a run that just starts. */
async function discardAbandonedServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      if (Date.now() - (await stat(folder)).mtimeMs > 60_000) await discardAbandoned(folder);
    } catch {
      // Another user's, or just gone: theirs to clean.
    }
  }
}
