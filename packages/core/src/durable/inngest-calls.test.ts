import { createConnection } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { executionOf } from "./engine-workflows.fixture.ts";
import { startServedInngest } from "./start-served-inngest.fixture.ts";
import { signInngest } from "./testing/inngest-signature.ts";

// /api/inngest runs what moves money: only who holds the signing key is answered, over real HTTP.
const fallbackKey = `signkey-test-${"fedcba9876543210".repeat(4)}`;
const strangersKey = "00".repeat(32);
let served: Awaited<ReturnType<typeof startServedInngest>>;
let runs = 0;
const warnings: string[] = [];
const warn = (_facts: object, sentence: string) => void warnings.push(sentence);

beforeAll(async () => {
  served = await startServedInngest({
    logger: { debug() {}, info() {}, warn, error() {} },
    configuration: { signingKeyFallback: fallbackKey },
    readMessage: async () => executionOf("called"),
    workflows: [
      {
        id: "executions",
        on: "refund/execution.due",
        attempts: 1,
        run: ({ step }) =>
          step.run("count", async () => {
            runs += 1;
          }),
      },
    ],
  });
  await served.engine.start();
});
afterAll(async () => {
  await served?.engine.stop();
  await served?.close();
});

/** What Inngest sends to run the function for the first time. */
function firstCall(): string {
  const redress = { messageId: "msg-called", workflow: "executions", key: "" };
  const event = { id: "1", name: "refund/execution.due", ts: 1, data: { refundId: "called", redress } };
  const ctx = { run_id: "run_1", fn_id: "executions", attempt: 0, max_attempts: 1, stack: null };
  return JSON.stringify({ event, events: [event], steps: {}, ctx });
}

async function call(
  options: { method?: string; body?: string; signature?: string; query?: string; headers?: object } = {},
): Promise<{ status: number; text: string }> {
  const { method = "POST", body, signature, query = "?fnId=redress-executions&stepId=step" } = options;
  const response = await fetch(`${served.endpoint}${query}`, {
    method,
    headers: { ...(signature !== undefined && { "x-inngest-signature": signature }), ...options.headers },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
}

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const codeOf = (text: string) => errorSchema.parse(JSON.parse(text)).error.code;
const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;

test.each([
  ["no signature", undefined],
  ["an empty signature", ""],
  ["a signature that is none", "hello"],
  ["a signature of another key", signInngest(firstCall(), { key: strangersKey })],
  ["a signature of another body", signInngest("{}", { key: fallbackKey })],
  ["an old signature", signInngest(firstCall(), { key: fallbackKey, at: minutesAgo(6) })],
  ["a signature of the future", signInngest(firstCall(), { key: fallbackKey, at: minutesAgo(-6) })],
])("%s runs nothing, and is one line in the log", async (_name, signature) => {
  const before = runs;
  warnings.length = 0;
  const answer = await call({ body: firstCall(), ...(signature !== undefined && { signature }) });
  expect([answer.status, codeOf(answer.text)]).toEqual([401, "signature_invalid"]);
  expect(runs).toBe(before);
  expect(warnings).toHaveLength(1);
});

test.each(["GET", "PUT"])(
  "unsigned, or signed by a stranger, %s tells and registers nothing",
  async (method) => {
    served.server.forgetFunctions();
    const unsigned = await call({ method, query: "" });
    const signature = signInngest("", { key: strangersKey });
    const strange = await call({ method, query: "", signature });
    for (const { status, text } of [unsigned, strange]) {
      expect([status, codeOf(text)]).toEqual([401, "signature_invalid"]);
    }
    expect(served.server.functions()).toEqual([]);
  },
);

test.each(["the key", "the one before, while it is rolled"])("signed with %s it runs", async (which) => {
  const key = which === "the key" ? served.server.signingKey : fallbackKey;
  const before = runs;
  const body = firstCall();
  const answer = await call({ body, signature: signInngest(body, { key }) });
  expect(answer.status).toBe(206);
  expect(JSON.parse(answer.text)).toMatchObject([{ op: "StepRun" }]);
  expect(runs).toBe(before + 1);
});

test("a signed question is told which functions there are", async () => {
  const { signingKey } = served.server;
  const asked = await call({ method: "GET", query: "", signature: signInngest("", { key: signingKey }) });
  expect(asked.status).toBe(200);
  // The workflow, and what is told of its failure.
  expect(JSON.parse(asked.text)).toMatchObject({
    mode: "cloud",
    function_count: 2,
    authentication_succeeded: true,
  });
  const body = JSON.stringify({ url: served.endpoint });
  const headers = { "x-inngest-sync-kind": "in_band" };
  const signature = signInngest(body, { key: signingKey });
  const synced = await call({ method: "PUT", query: "", body, headers, signature });
  expect(synced.status).toBe(200);
  expect(JSON.parse(synced.text)).toMatchObject({
    app_id: "redress",
    functions: [{ id: "redress-executions" }, { id: "redress-executions-failure" }],
  });
  expect(synced.text).not.toContain(signingKey);
});

test("a body that is no JSON, or too long, is refused in our shape", async () => {
  const signature = signInngest("{}", { key: strangersKey });
  const odd = await call({ body: "{", signature });
  expect([odd.status, codeOf(odd.text)]).toEqual([400, "invalid_input"]);
  const long = await call({ body: `"${"x".repeat(4 * 1_048_576)}"`, signature });
  expect([long.status, codeOf(long.text)]).toEqual([413, "body_too_large"]);
  const other = await call({ method: "DELETE" });
  expect([other.status, codeOf(other.text)]).toEqual([405, "method_not_allowed"]);
});

test("an unsigned body is not waited for", async () => {
  const { port } = new URL(served.endpoint);
  const socket = createConnection(Number(port), "127.0.0.1");
  socket.write("POST /api/inngest HTTP/1.1\r\nHost: desk\r\nContent-Length: 4000000\r\n\r\n{");
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer.toLowerCase()).toContain("connection: close");
  socket.destroy();
});

// The last: it stops the engine.
test("once it stops, calls are told to come again", async () => {
  await served.engine.stop();
  const body = firstCall();
  const before = runs;
  const signature = signInngest(body, { key: served.server.signingKey });
  const answer = await call({ body, signature });
  expect([answer.status, codeOf(answer.text)]).toEqual([503, "stopping"]);
  expect(runs).toBe(before);
});
