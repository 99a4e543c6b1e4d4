import { Chance } from "./chance.ts";

/** Everything that can go wrong, and does in some runs. */
export const faultKinds = [
  "stripe_lost_before",
  "stripe_lost_after",
  "stripe_slow",
  "stripe_timeout_then_executed",
  "stripe_409",
  "stripe_429",
  "stripe_lock_timeout",
  "stripe_500_stored",
  "stripe_500_not_stored",
  "stripe_500_after",
  "stripe_invalid_json",
  "stripe_500_later",
  "stripe_gateway_502",
  "stripe_gateway_429",
  "stripe_gateway_429_after",
  "stripe_gateway_409",
  "stripe_gateway_409_after",
  "stripe_retry_after_months",
  "stripe_key_pruned",
  "webhook_duplicate",
  "webhook_late",
  "webhook_lost",
  "webhook_redelivered",
  "webhook_badly_signed",
  "engine_lost",
  "engine_refused",
  "engine_twice",
  "engine_forgets_at_death",
  "database_cut_before",
  "database_cut_after",
  "process_killed",
  "app_down",
  "app_answer_lost",
  "app_error",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * One line on the kinds that never struck: of those the runs say nothing.
 *
 * @param counts how often each kind struck, in all runs
 * @returns null when each struck
 */
export function tellUnexercised(counts: ReadonlyMap<FaultKind, number>): string | null {
  const kinds = faultKinds.filter((kind) => (counts.get(kind) ?? 0) === 0);
  if (kinds.length === 0) return null;
  return `Never struck, so nothing is shown about: ${kinds.join(", ")}. More --seeds exercise them.`;
}

/** Decides, from one seed, how often each fault strikes in a run, and counts those that did. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  readonly #rates = new Map<FaultKind, number>();
  readonly #chance: Chance;
  #on = false;

  constructor(seed: string, omitted: ReadonlySet<FaultKind>) {
    const weather = new Chance(`${seed}/weather`);
    for (const kind of faultKinds) {
      // Some runs see little of a kind, some none, and some hardly anything else.
      const rate = weather.pick([0, 0.02, 0.06, 0.2]) * usual[kind];
      if (!omitted.has(kind)) this.#rates.set(kind, rate);
    }
    // A bad day at Stripe: refunds get stuck behind errors that are kept under their keys.
    if (weather.happens(0.2) && !omitted.has("stripe_500_stored")) this.#rates.set("stripe_500_stored", 0.3);
    if (weather.happens(0.1) && !omitted.has("stripe_500_later")) this.#rates.set("stripe_500_later", 0.3);
    this.#chance = new Chance(`${seed}/faults`);
  }

  start(): void {
    this.#on = true;
  }

  stop(): void {
    this.#on = false;
  }

  get isOn(): boolean {
    return this.#on;
  }

  /** Whether this fault strikes now. A choice is drawn in any case, so that leaving out one kind moves no other. */
  strikes(kind: FaultKind): boolean {
    const drawn = this.#chance.fraction();
    if (!this.#on || drawn >= (this.#rates.get(kind) ?? 0)) return false;
    this.count(kind);
    return true;
  }

  /** The first of these that strikes. */
  first<Kind extends FaultKind>(kinds: readonly Kind[]): Kind | undefined {
    const struck = kinds.filter((kind) => this.#draw(kind));
    const [chosen] = struck;
    if (chosen !== undefined) this.count(chosen);
    return chosen;
  }

  count(kind: FaultKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  #draw(kind: FaultKind): boolean {
    const drawn = this.#chance.fraction();
    return this.#on && drawn < (this.#rates.get(kind) ?? 0);
  }
}

/** How often a kind is asked about differs widely, so each has a weight of its own. */
const usual: Readonly<Record<FaultKind, number>> = {
  stripe_lost_before: 0.5,
  stripe_lost_after: 1,
  stripe_slow: 0.5,
  stripe_timeout_then_executed: 0.7,
  stripe_409: 0.5,
  stripe_429: 0.5,
  stripe_lock_timeout: 0.3,
  stripe_500_stored: 0.5,
  stripe_500_not_stored: 0.5,
  stripe_500_after: 0.5,
  stripe_invalid_json: 0.3,
  stripe_500_later: 0.2,
  stripe_gateway_502: 0.5,
  stripe_gateway_429: 0.2,
  stripe_gateway_429_after: 0.2,
  stripe_gateway_409: 0.2,
  stripe_gateway_409_after: 0.2,
  stripe_retry_after_months: 0.1,
  stripe_key_pruned: 0,
  webhook_duplicate: 1,
  webhook_late: 1.5,
  webhook_lost: 1,
  webhook_redelivered: 0.5,
  webhook_badly_signed: 0.5,
  engine_lost: 1,
  engine_refused: 0.5,
  engine_twice: 0.5,
  engine_forgets_at_death: 3,
  database_cut_before: 0.02,
  database_cut_after: 0.02,
  process_killed: 0.02,
  app_down: 0,
  app_answer_lost: 1,
  app_error: 1,
};
