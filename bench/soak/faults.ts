import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../simulation/chance.ts";
import type { DatabaseServer } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import type { ReceivingApps } from "../receiving-apps.ts";
import type { BenchStripe } from "../stripe.ts";

interface Given {
  readonly server: DatabaseServer;
  readonly desks: readonly Desk[];
  readonly stripe: BenchStripe;
  readonly receiving: ReceivingApps;
  readonly chance: Chance;
}

/** How long something stays away, or goes wrong. */
const awayMs = 8_000;

/** Each comes in its turn, and is over when it resolves. */
export function listFaults({ server, desks, stripe, receiving, chance }: Given) {
  const { admin } = stripe.sandbox;
  const strike = (fault: Parameters<typeof admin.addFault>[0]["fault"], times: number) =>
    admin.addFault({ fault, method: "POST", path: "/v1/refunds", times });
  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    async "a desk killed"() {
      const desk = chance.pick(desks);
      await desk.killAll();
      await pause(awayMs / 2);
      await desk.restart();
    },
    async "webhooks lost"() {
      await admin.setDelivery({ mode: "drop" });
      await pause(awayMs);
      await admin.setDelivery({ mode: "normal" });
    },
    "answers of Stripe lost": () => strike("drop_after", 3),
    async "apps away"() {
      receiving.refuse(true);
      await pause(awayMs);
      receiving.refuse(false);
    },
    "Stripe answers 429": () => strike("rate_limit", 5),
    async "the database killed"() {
      await server.kill();
      await server.restart();
    },
    async "webhooks twice and in disorder"() {
      await admin.setDelivery({ mode: "normal", duplicate: 1, shuffle: true });
      await pause(awayMs);
      await admin.setDelivery({ mode: "normal" });
    },
    "Stripe answers 500 and has acted": () => strike("error_500_after", 2),
  };
  return Object.entries(faults).map(([name, run]) => ({ name, run }));
}
