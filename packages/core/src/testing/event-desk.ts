import { stripeEvents as events, type stripeEvents } from "@redress/database";
import { eq } from "drizzle-orm";
import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { createInlineEngine } from "../durable/inline.ts";
import type { EngineMessage } from "../durable/port.ts";
import { recordFailure } from "../outbox/record-failure.ts";
import { createOutboxRelay } from "../outbox/relay.ts";
import { type IngestAnswer, ingestWebhook } from "../webhooks/ingest.ts";
import { allWorkflows } from "../workflows/index.ts";
import type { Harness } from "./harness.ts";

/** What Stripe's Connect endpoint of these tests signs with. */
export const connectSecret = "whsec_connect_test";

/** A harness whose events arrive, in whatever order a test likes, and whose workflows run where they are sent. */
export interface EventDesk {
  readonly dependencies: Dependencies;
  /** What happened on an account so far, oldest first, as the Connect endpoint would get it. */
  eventsOf(accountId: string): Promise<Stripe.Event[]>;
  /** Signs and ingests, as one delivery. */
  deliver(event: object): Promise<IngestAnswer>;
  /** Relays until nothing is due. */
  work(): Promise<void>;
  /** The inbox row of an event. */
  inbox(eventId: string): Promise<typeof stripeEvents.$inferSelect | undefined>;
}

/** @param options.loses messages that the engine takes, and forgets */
export function createEventDesk(
  harness: Harness,
  options: { loses?: (message: EngineMessage) => boolean } = {},
): EventDesk {
  const { settings } = harness.dependencies;
  const dependencies: Dependencies = {
    ...harness.dependencies,
    settings: { ...settings, stripe: { ...settings.stripe, connectWebhookSecrets: [connectSecret] } },
  };
  const { stripe, database, clock } = dependencies;
  const engine = createInlineEngine({
    workflows: allWorkflows(dependencies),
    onFailure: (failure) => recordFailure(dependencies, failure),
    ...options,
  });
  const relay = createOutboxRelay(dependencies, engine);
  return {
    dependencies,
    async eventsOf(accountId) {
      const list = await stripe.events.list({ limit: 100 }, { stripeAccount: accountId });
      return list.data.map((event) => ({ ...event, account: accountId })).reverse();
    },
    deliver(event) {
      // Two spaces, as Stripe sends it.
      const payload = JSON.stringify(event, null, 2);
      const timestamp = Math.floor(clock.now().getTime() / 1000);
      const signature = stripe.webhooks.generateTestHeaderString({
        payload,
        secret: connectSecret,
        timestamp,
      });
      return ingestWebhook(dependencies, { rawBody: Buffer.from(payload), signature });
    },
    async work() {
      while ((await relay.relayDue()) > 0);
    },
    async inbox(eventId) {
      const [row] = await database.select().from(events).where(eq(events.id, eventId));
      return row;
    },
  };
}
