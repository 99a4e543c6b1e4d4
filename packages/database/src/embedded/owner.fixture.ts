/**
 * A program for tests: owns an embedded server until its input says "stop" or it is killed.
 * Argument: the options as JSON. Prints one line of JSON about the server.
 */
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./index.ts";

const options: EmbeddedPostgresOptions = JSON.parse(process.argv[2] ?? "{}");
const log: string[] = [];
const server = await startEmbeddedPostgres({ ...options, onLog: (line) => log.push(line) });
const { port, dataDirectory } = server;
process.stdout.write(
  `${JSON.stringify({ port, dataDirectory, connectionString: server.connectionString(), log })}\n`,
);
process.stdin.once("data", async () => {
  await server.stop();
  process.exit(0);
});
