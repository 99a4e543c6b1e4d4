import { expect, test } from "vitest";
import { createInngestEngine } from "./inngest.ts";
import type { InngestEvent } from "./inngest-event.ts";
import { NotTakenError } from "./not-taken.ts";
import type { EngineMessage } from "./port.ts";
import { EventsRefusedError, sendRequests } from "./send-requests.ts";
import { listen } from "./testing/listen.ts";

// One request's trouble is not its neighbours', and one event's refusal is found.
const eventOf = (id: string, size = 10): InngestEvent => ({
  id: `${id}:1:w`,
  name: "refund/execution.due",
  data: { filler: "x".repeat(size), redress: { messageId: id, workflow: "w", key: "" } },
});

async function refusalsOf(events: InngestEvent[], send: (request: InngestEvent[]) => Promise<void>) {
  const error = await sendRequests(send, events).catch((thrown: unknown) => thrown);
  if (!(error instanceof NotTakenError)) throw new Error("it named nothing", { cause: error });
  return [...error.refusals].map(([id, { forGood }]) => [id, forGood]);
}

test("a request that fails puts off its own messages only, and is sent once", async () => {
  const events = ["a", "b", "c", "d"].map((id) => eventOf(id, 150_000));
  let sendings = 0;
  const found = await refusalsOf(events, async (request) => {
    sendings += 1;
    if (request.some(({ data }) => data.redress.messageId === "b")) throw new Error("timeout");
  });
  expect(found).toEqual([["b", false]]);
  expect(sendings).toBe(4);
});

test("a refused event is found by halves, and its neighbours are taken", async () => {
  const taken: string[] = [];
  const events = Array.from({ length: 50 }, (_, index) => eventOf(`m${index}`));
  const found = await refusalsOf(events, async (request) => {
    const ids = request.map(({ data }) => data.redress.messageId);
    if (ids.includes("m17")) throw new EventsRefusedError("400");
    taken.push(...ids);
  });
  expect(found).toEqual([["m17", true]]);
  expect(taken.sort()).toEqual(
    events
      .map(({ data }) => data.redress.messageId)
      .filter((id) => id !== "m17")
      .sort(),
  );
});

// What the statuses mean, through the SDK: a wrong key or a server in trouble is no fault of the message.
test.each([
  [400, true],
  [413, true],
  [401, false],
  [404, false],
  [429, false],
  [503, false],
])(
  "Inngest's %i to one event: refused for good is %s, and the other event is taken or comes again",
  async (status, forGood) => {
    const taken: string[] = [];
    const { origin, close } = await listen(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const refuses = text.includes("msg-bad");
      if (!refuses) taken.push(text);
      response
        .writeHead(refuses ? status : 200, { "content-type": "application/json" })
        .end(JSON.stringify(refuses ? { error: "no", status } : { ids: ["1"], status: 200 }));
    });
    const engine = createInngestEngine({
      workflows: [{ id: "executions", on: "refund/execution.due", attempts: 1, run: async () => {} }],
      readMessage: async () => null,
      configuration: {
        eventKey: "key",
        signingKey: `signkey-test-${"00".repeat(32)}`,
        signingKeyFallback: null,
        baseUrl: origin,
        dev: false,
      },
      publicUrl: "http://localhost:3000",
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const messages: EngineMessage[] = ["msg-good", "msg-bad"].map((id) => ({
      id,
      name: "refund/execution.due",
      data: { refundId: id },
      sendCount: 1,
    }));
    const error = await engine.send(messages).catch((thrown: unknown) => thrown);
    await engine.stop();
    await close();
    expect(error).toBeInstanceOf(NotTakenError);
    const refusals = error instanceof NotTakenError ? error.refusals : new Map();
    expect(refusals.get("msg-bad")).toMatchObject({ forGood });
    expect([taken.length, refusals.has("msg-good")]).toEqual(forGood ? [1, false] : [0, true]);
  },
);
