import { randomBytes, randomInt } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrateDatabase } from "@redress/database";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import { z } from "zod";
import { fuzz } from "./run.ts";

/**
 * `npm run fuzz -- [--requests 100000] [--seed 1]`: generated requests against the webhook endpoint, on a
 * database of its own. What went wrong is listed; the last line is JSON.
 */
const number = z.string().regex(/^\d+$/).transform(Number);
const { values } = parseArgs({ options: { requests: { type: "string" }, seed: { type: "string" } } });
const requests = number.pipe(z.int().min(1)).parse(values.requests ?? "100000");
const seed = number.pipe(z.int().max(4_294_967_295)).parse(values.seed ?? String(randomInt(4_294_967_296)));

// Of its own, and gone at its end; started by root, the server runs as somebody else, who may enter no folder of ours.
const dataDirectory = join(tmpdir(), `redress-fuzz-${randomBytes(6).toString("hex")}`);
const server = await startEmbeddedPostgres({ dataDirectory, durable: false, persistent: false });
try {
  const connectionString = server.connectionString("postgres");
  await migrateDatabase(connectionString);
  const onProgress = (done: number) => {
    if (done % 10_000 === 0) process.stderr.write(`${done} of ${requests} requests\n`);
  };
  const { violations, ...result } = await fuzz({ connectionString, requests, seed, onProgress });
  for (const violation of violations.slice(0, 50)) console.log(violation);
  console.log(JSON.stringify({ ...result, violations: violations.length }));
  process.exitCode = violations.length > 0 ? 1 : 0;
} finally {
  await server.stop();
}
