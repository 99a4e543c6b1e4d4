import { connectDatabase } from "@redress/database";
import { sql } from "drizzle-orm";
import { createDbosEngine } from "../dbos.ts";
import { createInngestEngine } from "../inngest.ts";
import type { Engine, EngineMessage, Workflow } from "../port.ts";
import { serveEngine } from "./serve-engine.ts";

/**
 * A process of its own for the crash tests: `crash-workflow.ts <connection string> <hang|finish> <dbos|dbos-repeatable>`
 * or `… <inngest> <origin> <event key> <signing key>`. Three steps write down that they ran; told to hang, the
 * second never ends, and the process waits to be killed.
 */
const [connectionString = "", mode = "", engineName = "", ...inngest] = process.argv.slice(2);
const { database, close } = connectDatabase({ connectionString });
const say = (line: string) => process.stdout.write(`${line}\n`);
const note = (step: string) => database.execute(sql`insert into crash_steps (step) values (${step})`);
const message: EngineMessage = {
  id: "msg_crash",
  name: "refund/execution.due",
  data: { refundId: "rfd_1" },
  sendCount: 1,
};

const workflow: Workflow<"refund/execution.due"> = {
  id: "crash-test",
  on: "refund/execution.due",
  // A server that calls a process which is gone counts this as a try.
  attempts: 21,
  ...(engineName === "dbos-repeatable" && { repeatable: true }),
  async run({ data, step }) {
    const first = await step.run("first", async () => {
      await note("first");
      return { answer: 42 };
    });
    await step.run("second", async () => {
      await note("second");
      if (mode !== "hang") return;
      say("hanging");
      await new Promise(() => {});
    });
    await step.run("third", () => note(`third ${data.refundId} ${first.answer}`).then(() => {}));
    say("finished");
  },
};
const loud = (facts: object, sentence: string) => say(`${sentence} ${JSON.stringify(facts)}`);
const logger = { debug() {}, info() {}, warn: loud, error: loud };

async function createEngine(): Promise<Engine> {
  if (engineName !== "inngest") return createDbosEngine({ connectionString, workflows: [workflow], logger });
  const [baseUrl = "", eventKey = "", signingKey = ""] = inngest;
  const served = await serveEngine();
  const engine = createInngestEngine({
    configuration: { eventKey, signingKey, signingKeyFallback: null, baseUrl, dev: false },
    publicUrl: served.origin,
    workflows: [workflow],
    logger,
    readMessage: async () => message,
  });
  served.mount(engine);
  return engine;
}

const engine = await createEngine();
process.on("SIGTERM", () => void engine.stop().then(close));
await engine.start();
say("started");
process.on("SIGUSR2", () => void engine.send([message]));
// DBOS starts here; Inngest's first process waits until the server knows its functions.
if (mode === "hang" && engineName !== "inngest") await engine.send([message]);
// The engine's own timers do not keep a process alive.
setInterval(() => {}, 60_000);
