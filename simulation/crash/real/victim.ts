import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { approveRefund } from "@redress/core/approvals/approve-refund";
import { readConfiguration } from "@redress/core/configuration";
import { startRuntime } from "@redress/core/runtime";
import { Numbering } from "./numbering.ts";

/**
 * The whole of core in a process of its own, which kills itself where `KILL` says, or lives on without it.
 * It ends when its standard input does. Says `listening <url>`, then each numbered call. `CLOCK_OFFSET_MS` moves its clock ahead.
 */
process.stdin.resume().on("end", () => process.exit(1));
const { KILL, CLOCK_OFFSET_MS = "0", SWEEP_INTERVAL_MS, TEST_CONNECTION_STRING = "" } = process.env;
const offset = Number(CLOCK_OFFSET_MS);
const numbering = KILL === undefined ? null : new Numbering(KILL);
numbering?.installFetch();
const runtime = await startRuntime({
  configuration: readConfiguration(process.env),
  connectionString: TEST_CONNECTION_STRING,
  clock: { now: () => new Date(Date.now() + offset) },
  ...(SWEEP_INTERVAL_MS === undefined ? {} : { sweepIntervalMs: Number(SWEEP_INTERVAL_MS) }),
});
const { dependencies } = runtime;
const { database } = dependencies;
if (numbering !== null && "$client" in database) {
  numbering.install(dependencies as Parameters<Numbering["install"]>[0]);
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  await numbering?.open();
  const { status, answer } = await handle(request, body);
  const send = async () => {
    response.writeHead(status).end(JSON.stringify(answer));
    await once(response, "finish");
  };
  await (numbering === null ? send() : numbering.call("answers", send));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;
process.stdout.write(`listening http://127.0.0.1:${port}\n`);

async function handle(
  { url = "", headers }: IncomingMessage,
  rawBody: Buffer,
): Promise<{ status: number; answer: unknown }> {
  if (url === "/webhooks") {
    const signature = headers["stripe-signature"]?.toString();
    const { status, body } = await runtime.ingest({ rawBody, signature });
    return { status, answer: body };
  }
  const { refundId, operatorId } = JSON.parse(rawBody.toString());
  const refund = await approveRefund(dependencies, { refundId, operatorId, correlationId: "cor_crash" });
  return { status: 200, answer: { status: refund.status } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
