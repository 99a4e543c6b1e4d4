import { requestShares } from "@redress/database";
import { eq, sql } from "drizzle-orm";
import type { Dependencies, Settings } from "../dependencies.ts";

/** What reads in the background: each kind has its own share, so that a long import delays no comparison. */
export type Share = typeof requestShares.$inferSelect.share;

/**
 * Requests a second that Stripe allows an account (Stripe: rate limits), unless it has granted more. Stripe does not say
 * whether requests for connected accounts count as theirs or the platform's, so they are counted as if all were the
 * platform's.
 */
const usualLimit: Readonly<Record<Settings["mode"], number>> = { live: 100, test: 25, sandbox: 25 };
const shareOfLimit = 1 / 5;
/** Requests that may go at once after a quiet time. */
export const burst = 20;
/** One long step delays the others by this much at most. */
const mostAheadMs = 60_000;

type ShareDependencies = Pick<Dependencies, "database" | "clock" | "settings">;

/**
 * Takes one request of a share that all processes on this database have in common: servers, command line.
 * Refunds never ask: what a person waits for is not slowed down by it.
 *
 * @returns 0 when it is granted, otherwise milliseconds after which to try again
 */
export async function takeShare(dependencies: ShareDependencies, share: Share): Promise<number> {
  const { now, everyMs, latest, most } = limits(dependencies);
  // What no step can have spent is another server's clock, far ahead: one request, so that nobody starves.
  const free = sql`case when ${requestShares.freeAt} > ${at(most)} then ${at(latest)} - ${ms(everyMs)} else ${requestShares.freeAt} end`;
  const next = sql`greatest(${free}, ${at(now)}) + ${ms(everyMs)}`;
  const [granted] = await dependencies.database
    .insert(requestShares)
    .values({ share, freeAt: new Date(now.getTime() + everyMs) })
    .onConflictDoUpdate({
      target: requestShares.share,
      set: { freeAt: next },
      setWhere: sql`${next} <= ${at(latest)}`,
    })
    .returning();
  if (granted) return 0;
  const [row] = await dependencies.database
    .select()
    .from(requestShares)
    .where(eq(requestShares.share, share));
  const freeAt = row?.freeAt ?? now;
  return Math.max(1, waitOf(dependencies, new Date(freeAt.getTime() + everyMs)));
}

/**
 * Counts requests that were made without having been taken before: whoever comes next waits for them.
 *
 * @returns milliseconds that the caller is to pause before the next ones
 */
export async function spendShare(
  dependencies: ShareDependencies,
  share: Share,
  requests: number,
): Promise<number> {
  if (requests <= 0) return 0;
  const { now, everyMs, most } = limits(dependencies);
  const spentMs = requests * everyMs;
  const [row] = await dependencies.database
    .insert(requestShares)
    .values({ share, freeAt: new Date(Math.min(now.getTime() + spentMs, most.getTime())) })
    .onConflictDoUpdate({
      target: requestShares.share,
      set: {
        freeAt: sql`least(greatest(${requestShares.freeAt}, ${at(now)}) + ${ms(spentMs)}, ${at(most)})`,
      },
    })
    .returning();
  return waitOf(dependencies, row?.freeAt ?? now);
}

/** Requests a second of each share. */
export function sharePerSecond({
  mode,
  stripeRateLimit,
}: Pick<Settings, "mode" | "stripeRateLimit">): number {
  return (stripeRateLimit ?? usualLimit[mode]) * shareOfLimit;
}

function limits({ clock, settings }: ShareDependencies) {
  const now = clock.now();
  const everyMs = 1000 / sharePerSecond(settings);
  const latest = new Date(now.getTime() + burst * everyMs);
  return { now, everyMs, latest, most: new Date(latest.getTime() + mostAheadMs) };
}

const at = (moment: Date) => sql`${moment.toISOString()}::timestamptz`;
const ms = (milliseconds: number) => sql`make_interval(secs => ${milliseconds / 1000})`;

function waitOf(dependencies: ShareDependencies, freeAt: Date): number {
  return Math.max(0, freeAt.getTime() - limits(dependencies).latest.getTime());
}
