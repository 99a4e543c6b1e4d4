import { stripeApiVersion } from "@redress/core/stripe/client";
import { stripeEventRoutes } from "@redress/core/workflows/stripe-event-routes";
import type { Chance } from "./chance.ts";

/** A body that may be one of Stripe's. */
export interface Body {
  readonly id: string;
  readonly bytes: Buffer;
}

const handledTypes = Object.keys(stripeEventRoutes);
const unknownTypes = [
  "payout.paid",
  "charge.failed",
  "customer.created",
  "a.type.of.tomorrow",
  "v1.charge.refunded",
];
const thinTypes = ["v1.charge.refunded", "v1.charge.succeeded", "v1.charge.updated"];

/** Values that a parser, a database or a careless `if` may stumble over. */
function oddValue(chance: Chance): unknown {
  return chance.pick<() => unknown>([
    () => chance.text(40),
    () => "\u0000",
    () => "\ud800",
    () => "'; drop table stripe_events; --",
    () => 1e308,
    () => -0,
    () => Number.MAX_SAFE_INTEGER + 1,
    () => null,
    () => [],
    () => [[[[[[{}]]]]]],
    () => ({ __proto__: null, constructor: 1, toString: null }),
    () => "x".repeat(chance.between(1, 20_000)),
    () => "ä€😀".repeat(50),
  ])();
}

function oddObject(chance: Chance): Record<string, unknown> {
  const object: Record<string, unknown> = { id: "ch_1", object: "charge", amount: 100 };
  for (let member = chance.between(0, 4); member > 0; member -= 1) object[chance.text(10)] = oddValue(chance);
  return object;
}

function snapshot(chance: Chance, id: string, seconds: number, overrides: object = {}) {
  return {
    id,
    object: "event",
    type: chance.pick(handledTypes),
    account: chance.pick(["acct_1", "acct_2", null]),
    api_version: chance.pick([stripeApiVersion, "2020-08-27", null]),
    created: chance.pick([seconds, 0, 1, 253_402_300_799]),
    livemode: false,
    data: { object: oddObject(chance) },
    ...overrides,
  };
}

function thin(chance: Chance, id: string, seconds: number, overrides: object = {}) {
  return {
    id,
    object: "v2.core.event",
    type: chance.pick(thinTypes),
    context: chance.pick(["acct_1", "acct_2", "org_1/acct_1", undefined]),
    created: new Date(seconds * 1000).toISOString(),
    livemode: false,
    related_object: { id: "ch_1", type: "charge", url: "/v1/charges/ch_1" },
    ...overrides,
  };
}

/** As Stripe writes it, or smaller. */
const write = (chance: Chance, value: unknown) => JSON.stringify(value, null, chance.pick([0, 2]));

/** One that is handled. */
export function goodEvent(chance: Chance, id: string, seconds: number): Body {
  const make = chance.pick([snapshot, snapshot, snapshot, thin]);
  return { id, bytes: Buffer.from(write(chance, make(chance, id, seconds))) };
}

/** One that is kept and not handled: of another mode, or of a type that nothing is done about. */
export function ignoredEvent(chance: Chance, id: string, seconds: number): Body {
  const event = chance.pick([
    () => snapshot(chance, id, seconds, { livemode: true }),
    () => thin(chance, id, seconds, { livemode: true }),
    () => snapshot(chance, id, seconds, { type: chance.pick(unknownTypes) }),
    () => thin(chance, id, seconds, { type: "v2.core.account.updated", related_object: null }),
  ])();
  return { id, bytes: Buffer.from(write(chance, event)) };
}

/** What is signed, and no event. */
export function noEvent(chance: Chance, id: string, seconds: number): Body {
  const whole = snapshot(chance, id, seconds);
  const spoil = (overrides: object) => Buffer.from(write(chance, { ...whole, ...overrides }));
  const bytes = chance.pick<() => Buffer>([
    () => chance.bytes(chance.between(0, 200)),
    () => Buffer.from(`${chance.text(100)}x`),
    () => Buffer.from(write(chance, oddValue(chance)) ?? ""),
    () => Buffer.from("[".repeat(chance.between(1, 100_000))),
    () => Buffer.from(write(chance, whole)).subarray(0, -chance.between(1, 30)),
    () => Buffer.concat([Buffer.from("\ufeff"), Buffer.from(write(chance, whole))]),
    () => spoil({ id: chance.pick([null, 1, "", "evt 1", "evt_\u0000", "é", "x".repeat(256)]) }),
    () => spoil({ object: chance.pick([null, "Event", "refund", "v2.core.event"]) }),
    () => spoil({ type: chance.pick([null, 5, "", "a\u0000b", "x".repeat(256), "\ud800"]) }),
    () => spoil({ account: chance.pick<unknown>([5, "", {}, "acct 1"]) }),
    () => spoil({ created: chance.pick([null, -1, 1.5, "1", 253_402_300_800, 1e300]) }),
    () => spoil({ livemode: chance.pick<unknown>([null, "false", 0]) }),
    () => spoil({ data: chance.pick<unknown>([null, [], "{}", {}, { object: null }, { object: [] }]) }),
    () =>
      Buffer.from(
        write(chance, thin(chance, id, seconds, { created: chance.pick<unknown>([seconds, "soon", null]) })),
      ),
    () =>
      Buffer.from(
        write(chance, thin(chance, id, seconds, { related_object: chance.pick<unknown>(["ch_1", 1, []]) })),
      ),
  ])();
  return { id, bytes };
}
