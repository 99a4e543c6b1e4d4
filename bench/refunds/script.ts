import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import Stripe from "stripe";
import { round } from "../statistics.ts";
import { startStripe } from "../stripe.ts";

const sideBySide = 32;
/** Of the limit: what is sent exactly at it is refused now and then. */
const share = 0.95;

/**
 * The bound: a script that is told the limit. It commits a row before each call and one after it, and does nothing else:
 * no policy, no webhooks, nobody is told.
 *
 * @returns refunds a second in the middle eight tenths
 */
export async function measureScript(given: {
  readonly connectionString: string;
  readonly refunds: number;
  readonly limit: number;
}): Promise<number> {
  const { connectionString, refunds, limit } = given;
  const { sandbox, merchants } = await startStripe(refunds, { refundLimitPerSecond: limit });
  const [merchant] = merchants;
  if (merchant === undefined) throw new Error("the bench has no merchant");
  const pool = new pg.Pool({ connectionString, max: sideBySide });
  pool.on("error", () => {});
  await pool.query("create table calls (charge text primary key, status text not null)");
  const waiting = merchant.charges.slice(0, refunds);
  const moments: number[] = [];
  let turn = performance.now();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      turn = Math.max(turn, performance.now()) + 1_000 / (limit * share);
      await pause(turn - performance.now());
      await pool.query("insert into calls values ($1, 'sent')", [next.id]);
      const status = await create(merchant.stripe, next.id);
      await pool.query("update calls set status = $2 where charge = $1", [next.id, status]);
      moments.push(performance.now());
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  await pool.end();
  await sandbox.close();
  const [from, until] = [Math.floor(moments.length * 0.1), Math.floor(moments.length * 0.9)];
  return round((until - from) / (((moments[until] ?? 0) - (moments[from] ?? 0)) / 1_000), 2);
}

/** The client of Stripe does not try again what was refused for its rate (Stripe: rate limits). */
async function create(stripe: Stripe, charge: string): Promise<string | null> {
  for (;;) {
    try {
      return (await stripe.refunds.create({ charge }, { idempotencyKey: `script:${charge}` })).status;
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeRateLimitError)) throw error;
      await pause(500);
    }
  }
}
