import { refundPaces } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** How fast refunds go, and between what the limit is: `good` was kept up, `bad` was refused. Refunds a second. */
export interface Pace {
  readonly perSecond: number;
  readonly good: number;
  /** Null: none is known. */
  readonly bad: number | null;
  /** When this pace began, in milliseconds. */
  readonly since: number;
  /** When a refusal last lowered it. */
  readonly loweredAt: number | null;
}

const first = 20;
const least = 1;
/** No account of Stripe's may do more, and no desk of ours can. */
const most = 500;
/** How long a pace is kept before it counts as kept up: Stripe counts by the second. */
const proofMs = 1_000;
/** Refusals of what was sent before the pace was lowered do not lower it again. */
const echoMs = 1_500;
/** How long a limit is believed; the account may have been given more since. */
const beliefMs = 15_000;
/** Near enough to the limit to stay there. */
const near = 0.98;

export function firstPace(now: number): Pace {
  return { perSecond: first, good: least, bad: null, since: now, loweredAt: null };
}

/**
 * The pace after a while without a refusal: half as much again until one comes, then halfway between what was kept
 * up and what was refused, until both are close; and now and then a little above, since limits change.
 */
export function raisePace(pace: Pace, now: number): Pace {
  const kept = now - pace.since;
  if (kept < proofMs) return pace;
  const good = Math.max(pace.good, pace.perSecond);
  const raise = (perSecond: number, bad: number | null): Pace => ({
    ...pace,
    ...{ perSecond: Math.min(most, perSecond), good, bad, since: now },
  });
  if (pace.bad === null) return raise(good * (pace.loweredAt === null ? 1.5 : 1.02), null);
  if (good < pace.bad * near) return raise((good + pace.bad) / 2, pace.bad);
  return kept < beliefMs ? pace : raise(good * 1.02, null);
}

/** The pace after a refusal: what was kept up before and at least half, or less when that is what was refused. */
export function lowerPace(pace: Pace, now: number): Pace {
  if (pace.loweredAt !== null && now - pace.loweredAt < echoMs) return pace;
  const bad = pace.perSecond;
  const good = Math.max(least, pace.good < bad ? Math.max(pace.good, bad / 2) : bad * 0.9);
  return { perSecond: good, good, bad: Math.max(bad, good), since: now, loweredAt: now };
}

type PaceDependencies = Pick<Dependencies, "database" | "clock">;

/** Turns that belong to one process: the first after a wait, the others one after the other. */
export interface Turns {
  readonly waitMs: number;
  readonly everyMs: number;
  readonly count: number;
}

/** What is taken at once: a quarter of a second of turns, since each taking is a commit that all others wait for. */
const takenMs = 250;

/**
 * Takes the next turns to send refunds of a list to an account, of all that its processes share. Turns that are not
 * used are lost, not kept.
 */
export async function takePace({ database, clock }: PaceDependencies, accountId: string): Promise<Turns> {
  return change({ database, clock }, accountId, (pace, freeAt, now) => {
    // Only a pace that is used up proves anything: who is idle, or cannot keep up with it, is not made faster.
    const isLimiting = freeAt > now;
    const next = isLimiting ? raisePace(pace, now) : { ...pace, since: now };
    const everyMs = 1_000 / next.perSecond;
    const count = Math.max(1, Math.floor(takenMs / everyMs));
    const first = Math.max(freeAt, now);
    const answer = { waitMs: first - now, everyMs, count };
    return { pace: next, freeAt: first + count * everyMs, answer };
  });
}

/** Says that Stripe refused a refund for the rate of requests (429). */
export async function notePace({ database, clock }: PaceDependencies, accountId: string): Promise<void> {
  await change({ database, clock }, accountId, (pace, freeAt, now) => ({
    ...{ pace: lowerPace(pace, now), freeAt, answer: null },
  }));
}

async function change<Answer>(
  { database, clock }: PaceDependencies,
  accountId: string,
  decide: (pace: Pace, freeAt: number, now: number) => { pace: Pace; freeAt: number; answer: Answer },
): Promise<Answer> {
  return database.transaction(async (transaction) => {
    const now = clock.now().getTime();
    const own = eq(refundPaces.stripeAccountId, accountId);
    const fresh = { ...firstPace(now), since: new Date(now), freeAt: new Date(now), loweredAt: null };
    await transaction
      .insert(refundPaces)
      .values({ stripeAccountId: accountId, ...fresh })
      .onConflictDoNothing();
    const [row = fresh] = await transaction.select().from(refundPaces).where(own).for("update");
    const known: Pace = {
      ...{ perSecond: row.perSecond, good: row.good, bad: row.bad },
      ...{ since: row.since.getTime(), loweredAt: row.loweredAt?.getTime() ?? null },
    };
    const { pace, freeAt, answer } = decide(known, row.freeAt.getTime(), now);
    const { since, loweredAt, ...rates } = pace;
    await transaction
      .update(refundPaces)
      .set({
        ...rates,
        since: new Date(since),
        loweredAt: loweredAt === null ? null : new Date(loweredAt),
        freeAt: new Date(freeAt),
      })
      .where(own);
    return answer;
  });
}
