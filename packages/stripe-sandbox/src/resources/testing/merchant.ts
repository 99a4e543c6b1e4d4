import { AccountDirectory } from "../../accounts/directory.ts";
import { SandboxClock } from "../../clock.ts";
import type { Context, EventType } from "../../context.ts";
import { IdGenerator } from "../../ids.ts";
import { Store } from "../../store/store.ts";
import { Timers } from "../../timers.ts";
import { resourceTimers } from "../index.ts";

export interface SentEvent {
  type: EventType;
  object: Record<string, unknown>;
  previous: Record<string, unknown> | undefined;
}

export interface Merchant {
  /** What was emitted by transactions that ended well, oldest first. */
  events: SentEvent[];
  /** Runs in one transaction on this merchant's account. */
  work<T>(work: (ctx: Context) => T): T;
  /** Moves the clock and runs what is due. */
  advance(ms: number): void;
}

/** One account on the real store, clock and timers, without HTTP: for properties that need thousands of steps. */
export function openMerchant({
  seed,
  pendingRaises = true,
}: {
  seed: number;
  pendingRaises?: boolean;
}): Merchant {
  const store = new Store();
  const clock = new SandboxClock(() => Date.UTC(2026, 10, 1));
  const ids = new IdGenerator(String(seed));
  const events: SentEvent[] = [];
  const record = store.transaction(() =>
    new AccountDirectory(store, clock, ids).create({ business_name: "Prüfstand", country: "DE" }),
  );
  const account = record.id;
  const run = ({ name, payload }: { name: string; payload: Parameters<Context["schedule"]>[2] }) =>
    resourceTimers[name]?.(ctx, payload);
  const timers = new Timers({ store, clock, ids, run, afterwards: () => undefined });
  const ctx: Context = {
    account,
    livemode: false,
    application: null,
    request: null,
    settings: { pendingRefundRaisesAmountRefunded: pendingRaises },
    platform: () => ctx,
    accountRecord: () => record,
    collection: (kind) => store.collection({ account, livemode: false }, kind),
    nowMs: () => clock.nowMs(),
    nowSeconds: () => clock.nowSeconds(),
    id: (prefix, length) => ids.id(prefix, length),
    random: () => ids.random(),
    emit: (type, object, previous) => {
      events.push({ type, object: JSON.parse(JSON.stringify(object)), previous });
    },
    schedule: (name, delayMs, payload) => timers.schedule({ name, account, delayMs, payload }),
  };
  return {
    events,
    work: (work) => {
      const before = events.length;
      try {
        return store.transaction(() => work(ctx));
      } catch (error) {
        events.length = before;
        throw error;
      }
    },
    advance: (ms) => {
      clock.moveTo(clock.nowMs() + ms);
      timers.runDue();
    },
  };
}
