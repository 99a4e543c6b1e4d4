import { query } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import { residentMb } from "../processes.ts";

/** How the desks stood at one moment. */
export interface Sample {
  readonly minute: number;
  /** Of all desks and their workers together. */
  readonly memoryMb: number;
  /** Messages that wait, and since when the oldest of them is due, in seconds. */
  readonly open: number;
  readonly lagSeconds: number;
  /** Refunds between their approval and Stripe's word. */
  readonly moving: number;
}

/** @returns null while the database is away */
export async function takeSample(
  { desks, connectionString }: { desks: readonly Desk[]; connectionString: string },
  minute: number,
): Promise<Sample | null> {
  const sizes = await Promise.all(desks.map(({ pid }) => residentMb(pid).catch(() => 0)));
  const rows = await query<{ open: number; lag: number; moving: number }>(
    connectionString,
    `select count(*)::int as open, coalesce(extract(epoch from now() - min(send_at)), 0)::float as lag,
      (select count(*)::int from refunds where status in ('approved', 'executing', 'pending')) as moving
      from outbox_messages where send_at <= now()`,
  ).catch(() => []);
  const [row] = rows;
  if (row === undefined) return null;
  const memoryMb = sizes.reduce((sum, size) => sum + size, 0);
  return { minute, memoryMb, open: row.open, lagSeconds: Math.max(0, row.lag), moving: row.moving };
}
