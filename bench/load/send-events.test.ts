import { createServer, type RequestListener } from "node:http";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { readBody } from "../subjects/read-body.ts";
import { cutEvent, eventMix } from "./event-source.ts";
import { sendEvents } from "./send-events.ts";

// What counts as acknowledged is what was answered with 2xx, and nothing else.
const secret = "whsec_test";
const templates = eventMix.map(({ type }, index) => {
  const event = { id: `evt_${index}`, object: "event", type, data: { object: { id: `ch_${index}` } } };
  return cutEvent(event, JSON.stringify(event));
});
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const server = createServer(listener).on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/webhooks`, connections: () => connections };
}

test("every event carries a signature that Stripe's library accepts, over connections that are kept", async () => {
  const stripe = new Stripe("sk_test_unused");
  const taken: string[] = [];
  const { url, connections } = await serve(async (request, response) => {
    const signature = request.headers["stripe-signature"] ?? "";
    taken.push(stripe.webhooks.constructEvent(await readBody(request), signature, secret).id);
    response.end("{}");
  });
  const result = await sendEvents({ url, secret, connections: 4, events: 100, prefix: "a" }, templates);
  expect(result.acknowledged.toSorted()).toEqual(taken.toSorted());
  expect(new Set(taken).size).toBe(100);
  expect(result).toMatchObject({ inTime: 100, statuses: { 200: 100 } });
  expect(result.latenciesMs).toHaveLength(100);
  expect(connections()).toBe(4);
});

test("what is refused, cut off or closed is not acknowledged, and the load goes on", async () => {
  const stored = new Set<string>();
  let count = 0;
  const { url } = await serve(async (request, response) => {
    const { id } = JSON.parse((await readBody(request)).toString());
    count += 1;
    if (count % 4 === 1) response.writeHead(503, { Connection: "close" }).end("{}");
    else if (count % 4 === 2) request.socket.destroy();
    else {
      stored.add(id);
      response.end("{}");
    }
  });
  const result = await sendEvents({ url, secret, connections: 2, events: 20, prefix: "a" }, templates);
  expect(new Set(result.acknowledged)).toEqual(stored);
  expect(result.acknowledged).toHaveLength(20);
  expect(result.statuses[503]).toBeGreaterThan(5);
  expect(result.statuses[0]).toBeGreaterThan(5);
});

test("a server that is not there ends the load at its time, with nothing acknowledged", async () => {
  const job = { url: "http://127.0.0.1:1/webhooks", secret, connections: 1, seconds: 0.1, prefix: "a" };
  const result = await sendEvents(job, templates);
  expect(result.acknowledged).toEqual([]);
  expect(Object.keys(result.statuses)).toEqual(["0"]);
});
