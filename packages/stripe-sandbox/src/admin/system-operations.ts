import { z } from "zod";
import { type Fault, faultSchema } from "../faults/faults.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import { type Delivery, deliveryRecords, formatDelivery } from "../webhooks/delivery.ts";
import { deliveryModeSchema } from "../webhooks/delivery-mode.ts";
import { accountOperations } from "./account-operations.ts";
import { redeliverEvent } from "./redeliver-event.ts";
import { defineSystemOperation } from "./system-operation.ts";

const nothing = z.strictObject({});

const reset = defineSystemOperation({
  method: "POST",
  path: "/reset",
  body: nothing,
  run(system) {
    system.reset();
    return {};
  },
});

const clock = defineSystemOperation({
  method: "GET",
  path: "/clock",
  body: nothing,
  run: (system) => ({ nowMs: system.clock.nowMs() }),
});

const moveClock = defineSystemOperation({
  method: "POST",
  path: "/clock",
  body: z.union([
    z.strictObject({ advanceMs: z.number().min(0) }),
    z.strictObject({ toMs: z.number().min(0) }),
  ]),
  async run(system, body) {
    await system.moveClock("toMs" in body ? body.toMs : system.clock.nowMs() + body.advanceMs);
    return { nowMs: system.clock.nowMs() };
  },
});

const deliveries = defineSystemOperation({
  method: "GET",
  path: "/deliveries",
  body: nothing,
  run(system): { deliveries: Delivery[] } {
    const all = system.store.collection(SANDBOX_SCOPE, deliveryRecords);
    return { deliveries: [...all.walk({ direction: "newer" })].map(formatDelivery) };
  },
});

const drainDeliveries = defineSystemOperation({
  method: "POST",
  path: "/deliveries/drain",
  body: nothing,
  async run(system) {
    await system.courier.drain();
    return {};
  },
});

const setDelivery = defineSystemOperation({
  method: "POST",
  path: "/delivery",
  body: deliveryModeSchema,
  run(system, mode) {
    const { publisher, courier } = system;
    const shuffle = mode.shuffle || publisher.mode.shuffle;
    publisher.mode = mode;
    if (mode.mode === "normal") courier.release(shuffle);
    return {};
  },
});

const addFault = defineSystemOperation({
  method: "POST",
  path: "/faults",
  body: faultSchema,
  run: (system, fields) => ({ id: system.faults.add(fields).id }),
});

const faults = defineSystemOperation({
  method: "GET",
  path: "/faults",
  body: nothing,
  run: (system): { faults: Fault[] } => ({ faults: system.faults.list() }),
});

const clearFaults = defineSystemOperation({
  method: "DELETE",
  path: "/faults",
  body: nothing,
  run(system) {
    system.faults.clear();
    return {};
  },
});

/** The admin operations that are not about money. */
export const systemOperations = {
  ...accountOperations,
  reset,
  clock,
  moveClock,
  deliveries,
  drainDeliveries,
  redeliverEvent,
  setDelivery,
  addFault,
  faults,
  clearFaults,
};
