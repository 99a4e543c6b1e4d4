import { afterEach, expect, test, vi } from "vitest";
import type { MessageData } from "../outbox/messages.ts";
import { eventsOf, inRequests, messageIdOf } from "./inngest-event.ts";
import type { AnyWorkflow, EngineMessage } from "./port.ts";
import { startServedInngest } from "./start-served-inngest.fixture.ts";

// What Inngest is sent has W2's name and shape and a size that Inngest takes; what a function works on comes
// from the database.
let open: Awaited<ReturnType<typeof startServedInngest>> | undefined;
afterEach(async () => {
  await open?.engine.stop();
  await open?.close();
  open = undefined;
});

const handled: MessageData<"stripe/event.received">[] = [];
const workflow: AnyWorkflow = {
  id: "handle-stripe-refund",
  on: "stripe/event.received",
  when: ({ type }) => type.startsWith("refund."),
  concurrencyKey: ({ accountId }) => `charge:${accountId}`,
  attempts: 2,
  run: ({ data, step }) =>
    step.run("handle", async () => {
      handled.push(data);
    }),
};

function messageOf(object: Record<string, unknown>, sendCount = 1): EngineMessage {
  const facts = { type: "refund.created", accountId: "acct_1", created: 1_790_000_000, livemode: false };
  return {
    id: "msg_1",
    name: "stripe/event.received",
    sendCount,
    data: { id: "evt_1", data: { object }, ...facts },
  };
}

test("an event is W2's, with what our functions need beside it", () => {
  expect(eventsOf([workflow], messageOf({ id: "re_1" }))).toEqual([
    {
      id: "msg_1:1:handle-stripe-refund",
      name: "stripe/event.received",
      data: {
        id: "evt_1",
        type: "refund.created",
        data: { object: { id: "re_1" } },
        accountId: "acct_1",
        created: 1_790_000_000,
        livemode: false,
        redress: { messageId: "msg_1", workflow: "handle-stripe-refund", key: "charge:acct_1" },
      },
    },
  ]);
});

test("each sending has an id of its own, since Inngest drops one that it saw within a day", () => {
  const ids = [1, 2].flatMap((count) => eventsOf([workflow], messageOf({}, count)).map(({ id }) => id));
  expect(new Set(ids).size).toBe(2);
});

test("a message that several workflows take is one event for each, and one that none takes is none", () => {
  const other = { ...workflow, id: "other" };
  expect(eventsOf([workflow, other], messageOf({})).map(({ data }) => data.redress.workflow)).toEqual([
    "handle-stripe-refund",
    "other",
  ]);
  const unhandled = messageOf({});
  expect(eventsOf([{ ...workflow, when: () => false }], unhandled)).toEqual([]);
});

test.each([
  ["is too large", { text: "x".repeat(200_000) }],
  ["is too large in bytes, though not in characters", { text: "€".repeat(50_000) }],
  ["holds what databases cannot", { text: "a\0b" }],
  ["holds half a character", { text: "a\uD800b" }],
])("a body that %s stays at home, and the function has it all the same", async (_name, object) => {
  handled.length = 0;
  const message = messageOf(object);
  open = await startServedInngest({ workflows: [workflow], readMessage: async () => message });
  await open.engine.start();
  await open.engine.send([message]);
  expect(open.server.events).toMatchObject([{ data: { id: "evt_1", type: "refund.created", data: {} } }]);
  await vi.waitFor(() => expect(handled).toEqual([message.data]), { timeout: 10_000 });
});

test("what an event says is not believed: the function works on what the database has", async () => {
  handled.length = 0;
  const stored = messageOf({ id: "re_real" });
  const asked: string[] = [];
  const readMessage = async (id: string) => {
    asked.push(id);
    return id === "msg_1" ? stored : null;
  };
  open = await startServedInngest({ workflows: [workflow], readMessage });
  await open.engine.start();
  // Whoever has the event key can send these.
  const strange = { ...messageOf({ id: "re_forged" }), id: "msg_unknown" };
  await open.engine.send([messageOf({ id: "re_forged" }), strange]);
  await vi.waitFor(() => expect(asked).toEqual(expect.arrayContaining(["msg_1", "msg_unknown"])), {
    timeout: 10_000,
  });
  // Calls under way end before it does.
  await open.engine.stop();
  expect(handled.map(({ data }) => data)).toEqual([{ object: { id: "re_real" } }]);
});

test("a workflow that the stored message does not start is not run, whatever its event names", async () => {
  handled.length = 0;
  const stored = { ...messageOf({}), data: { ...messageOf({}).data, type: "charge.updated" } };
  let asked = false;
  const readMessage = async () => {
    asked = true;
    return stored as EngineMessage;
  };
  open = await startServedInngest({ workflows: [workflow], readMessage });
  await open.engine.start();
  await open.engine.send([messageOf({})]);
  await vi.waitFor(() => expect(asked).toBe(true), { timeout: 10_000 });
  await open.engine.stop();
  expect(handled).toEqual([]);
});

test("many events go in requests of a size that Inngest takes, all of them, in their order", () => {
  const events = Array.from({ length: 60 }, (_, index) => ({
    id: `msg_${index}`,
    name: "stripe/event.received",
    data: {
      text: "x".repeat(index * 1_000),
      redress: { messageId: `msg_${index}`, workflow: "handle-stripe-refund", key: "" },
    },
  }));
  const requests = inRequests(events);
  expect(requests.flat()).toEqual(events);
  const sizes = requests.map((request) => Buffer.byteLength(JSON.stringify(request)));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024 + 2);
  expect(requests.length).toBeLessThan(10);
});

test("an event that is none of ours has no message", () => {
  expect(messageIdOf({ name: "stripe/event.received", data: { id: "evt_1" } })).toBeNull();
  expect(messageIdOf(null)).toBeNull();
});
