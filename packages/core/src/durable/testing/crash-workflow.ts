import { connectDatabase } from "@redress/database";
import { sql } from "drizzle-orm";
import { createDbosEngine } from "../dbos.ts";
import type { Workflow } from "../port.ts";

/**
 * A process of its own for the crash test: `crash-workflow.ts <connection string> <hang|finish>`. Three
 * steps write down that they ran; told to hang, the second never ends, and the process waits to be killed.
 */
const [connectionString = "", mode = ""] = process.argv.slice(2);
const { database, close } = connectDatabase({ connectionString });
const say = (line: string) => process.stdout.write(`${line}\n`);
const note = (step: string) => database.execute(sql`insert into crash_steps (step) values (${step})`);

const workflow: Workflow<"refund/execution.due"> = {
  id: "crash-test",
  on: "refund/execution.due",
  attempts: 1,
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
const engine = createDbosEngine({ connectionString, workflows: [workflow], logger });
process.on("SIGTERM", () => void engine.stop().then(close));
await engine.start();
say("started");
if (mode === "hang") {
  await engine.send([
    { id: "msg_crash", name: "refund/execution.due", data: { refundId: "rfd_1" }, sendCount: 1 },
  ]);
}
// The engine's own timers do not keep a process alive.
setInterval(() => {}, 60_000);
