import { z } from "zod";
import { noSuch } from "../errors.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { System } from "../system.ts";
import { deliveryRecords } from "../webhooks/delivery.ts";
import { endpointRecords } from "../webhooks/endpoint.ts";
import { type EventRecord, eventRecords } from "../webhooks/event.ts";
import type { Addressee } from "../webhooks/publish.ts";
import { defineSystemOperation } from "./system-operation.ts";

function findEvent({ directory, store }: System, id: string): { account: string; event: EventRecord } {
  for (const { id: account } of directory.accounts.walk()) {
    const event = store.collection({ account, livemode: false }, eventRecords).get(id);
    if (event !== undefined) return { account, event };
  }
  throw noSuch("event", id);
}

/** The endpoints that the event was first meant for, even if the account was disconnected since. */
function firstAddressees({ store }: System, event: string): Addressee[] {
  const deliveries = store.collection(SANDBOX_SCOPE, deliveryRecords).where("event", event);
  const found = new Map<string, Addressee>();
  for (const { owner, endpoint: id } of deliveries) {
    const endpoint = store.collection({ account: owner, livemode: false }, endpointRecords).get(id);
    if (endpoint !== undefined) found.set(id, { owner, endpoint });
  }
  return [...found.values()];
}

/** Sends an event again, at once and whatever the delivery mode; a failure is not retried. */
export const redeliverEvent = defineSystemOperation({
  method: "POST",
  path: "/events/:id/redeliver",
  body: z.strictObject({ endpoint: z.string().optional(), times: z.int().min(1).max(1000).default(1) }),
  run(system, { endpoint, times }, id) {
    const { store, publisher } = system;
    const { account, event } = findEvent(system, id);
    const known = firstAddressees(system, id);
    const candidates = known.length > 0 ? known : publisher.addressees(account, event.type);
    const addressees = candidates.filter(
      (addressee) => endpoint === undefined || addressee.endpoint.id === endpoint,
    );
    if (endpoint !== undefined && addressees.length === 0) throw noSuch("webhook endpoint", endpoint);
    store.transaction(() => {
      for (let time = 0; time < times; time += 1) {
        for (const addressee of addressees) publisher.deliver(event, account, addressee, "manual");
      }
    });
    return {};
  },
});
