import type Stripe from "stripe";
import type { AccountRecord } from "./accounts/account-record.ts";
import type { Collection, CollectionKind, StoredRecord } from "./store/collection.ts";

export type EventType = Stripe.Event["type"];

/** The object that an event of this type carries. */
export type EventObject<T extends EventType> = Extract<Stripe.Event, { type: T }>["data"]["object"];

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface SandboxSettings {
  readonly pendingRefundRaisesAmountRefunded: boolean;
}

/**
 * Everything a route, a timer or an admin operation may touch, bound to one (account, livemode).
 * What runs with a context runs synchronously, as one transaction: a throw undoes every write and event.
 */
export interface Context {
  /** Whose data: the account of the key, or the one named by Stripe-Account. */
  readonly account: string;
  readonly livemode: boolean;
  /** `ca_…` when a platform acts on a connected account (becomes `charge.application`), else null. */
  readonly application: string | null;
  /** null when Stripe itself acts (timers, admin operations): events then carry null request members. */
  readonly request: { readonly id: string; readonly idempotencyKey: string | null } | null;
  readonly settings: SandboxSettings;
  /** The platform's own data, for what a merchant's payment does to it (application fees). */
  platform(): Context;
  /** The account's own record: country, default currency, names. */
  accountRecord(): AccountRecord;
  collection<R extends StoredRecord, I extends string>(kind: CollectionKind<R, I>): Collection<R, I>;
  /** The sandbox clock, epoch milliseconds. */
  nowMs(): number;
  /** The sandbox clock, Unix seconds as in `created`. */
  nowSeconds(): number;
  /** A fresh id from the seeded generator: `id("re_3")` → `re_3` + 24 alphanumerics. */
  id(prefix: string, length?: number): string;
  /** Seeded, 0 ≤ x < 1. */
  random(): number;
  /**
   * Records an event of this account in the same transaction, and its deliveries; pass the object as
   * formatted for the wire (a snapshot is taken). `previous` becomes `data.previous_attributes`.
   */
  emit<T extends EventType>(type: T, object: EventObject<T>, previous?: Record<string, unknown>): void;
  /** Runs the timer handler of this name (see `resourceTimers`) for this account after `delayMs` of sandbox time. */
  schedule(timer: string, delayMs: number, payload: JsonObject): void;
}

/** Called when a timer is due, in its own transaction; the context has `request: null`. */
export type TimerHandler = (ctx: Context, payload: JsonObject) => void;
