import { expect, test } from "vitest";
import { createEventSource, cutEvent, type EventTemplate, eventMix } from "./event-source.ts";

// What is sent must be distinct and whole, or the bench would measure duplicates and refusals.
const events = eventMix.map(({ type }, index) => ({
  id: `evt_${index}`,
  object: "event",
  type,
  data: {
    object: { id: `xx_${index}`, payment_intent: `pi_${index}`, receipt_url: `https://x/xx_${index}/y` },
  },
}));
const templates = events.map((event) => cutEvent(event, JSON.stringify(event, null, 2)));

function take(count: number, prefix: string, from: readonly EventTemplate[] = templates) {
  const next = createEventSource(from, prefix);
  return Array.from({ length: count }, next);
}

test("each event has its own id, in the body too, whichever source made it", () => {
  const taken = [...take(500, "a"), ...take(500, "b")];
  expect(new Set(taken.map(({ id }) => id)).size).toBe(1_000);
  for (const { id, body } of taken) expect(JSON.parse(body)).toMatchObject({ id, object: "event" });
});

test("the shares are those of the mix", () => {
  const types = take(200, "a").map(({ body }) => JSON.parse(body).type);
  const counted = eventMix.map(({ type }) => types.filter((other) => other === type).length / 2);
  expect(counted).toEqual(eventMix.map(({ share }) => share));
});

test("a sale has a charge of its own, everywhere in its body; a refund is one that Stripe has", () => {
  for (const { body, id } of take(100, "a")) {
    const { type, data } = JSON.parse(body);
    if (eventMix.find((kind) => kind.type === type)?.ownCharge) {
      const suffix = id.slice("evt_".length);
      expect(data.object).toEqual({
        id: `ch_${suffix}`,
        payment_intent: `pi_${suffix}`,
        receipt_url: `https://x/ch_${suffix}/y`,
      });
    } else {
      expect(events.map((event) => event.data.object)).toContainEqual(data.object);
    }
  }
});

test("a mix that lacks a type is refused", () => {
  expect(() => createEventSource(templates.slice(1), "a")).toThrow("charge.succeeded");
});
