import { once } from "node:events";
import { createServer } from "node:http";
import { readConfiguration } from "../configuration.ts";
import { startRuntime } from "../runtime.ts";

/**
 * The whole of core in a process of its own, to be killed: reads the configuration from its environment,
 * takes webhooks on a free port, and says `listening <url>`. `CLOCK_OFFSET_MS` moves its clock ahead.
 */
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const runtime = await startRuntime({
  configuration: readConfiguration(process.env),
  connectionString: process.env.TEST_CONNECTION_STRING ?? "",
  clock: { now: () => new Date(Date.now() + offset) },
  sweepIntervalMs: 500,
});
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const signature = request.headers["stripe-signature"]?.toString();
    const { status, body } = await runtime.ingest({ rawBody: Buffer.concat(chunks), signature });
    response.writeHead(status).end(JSON.stringify(body));
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;
process.stdout.write(`listening http://127.0.0.1:${port}\n`);
