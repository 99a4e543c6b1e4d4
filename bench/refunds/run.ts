import type { Closers } from "../closers.ts";
import { startDatabaseServer } from "../database-server.ts";
import { startDesk } from "../desk.ts";
import { describeMachine } from "../machine.ts";
import type { RefundOptions } from "../options.ts";
import { startReceivingApps } from "../receiving-apps.ts";
import { round } from "../statistics.ts";
import { startStripe } from "../stripe.ts";
import { type BulkFigures, measureBulk } from "./bulk.ts";
import { measureOverhead } from "./overhead.ts";
import { measureScript } from "./script.ts";

/**
 * Measures a bulk refund against limits that Redress is not told, and what Redress adds to one refund.
 *
 * @returns the exit code: 1 when a refund is missing or there twice
 */
export async function runRefunds(
  options: RefundOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const results: (BulkFigures & { limit: number; shareOfRateLimit: number; scriptPerSecond: number })[] = [];
  let overhead = { overheadP50Ms: 0, sandboxP50Ms: 0 };
  for (const limit of options.limits) {
    const { refunds } = options;
    const scriptPerSecond = await measureScript({
      ...{ connectionString: await server.createDatabase(`script_${limit}`), refunds, limit },
    });
    const stripe = await startStripe(options.refunds + options.single, { refundLimitPerSecond: limit });
    const receiving = await startReceivingApps();
    const connectionString = await server.createDatabase(`refunds_${limit}`);
    const desk = await startDesk({ stripe, connectionString, say });
    closers.add(() => desk.stop());
    closers.add(() => receiving.close());
    closers.add(() => stripe.sandbox.close());
    await desk.connectApps(stripe, receiving, { approvalRules: [{ amount: 100_000, currency: "eur" }] });
    const measured = { desk, stripe, connectionString, say };
    // On the first, which is the quieter one, before its limit is used up.
    if (results.length === 0) overhead = await measureOverhead({ ...measured, refunds: options.single });
    const figures = await measureBulk({ ...measured, refunds: options.refunds, skip: options.single });
    const shareOfRateLimit = round(figures.perSecond / limit, 3);
    results.push({ limit, shareOfRateLimit, scriptPerSecond, ...figures });
    say(
      `Limit ${limit}/s: ${figures.perSecond}/s in the middle eight tenths (${round(shareOfRateLimit * 100, 1)} %), ${round(figures.throttledShare * 100, 2)} % answered 429 once it was found, ${figures.seconds} s in all; a script that is told the limit: ${scriptPerSecond}/s.`,
    );
    await desk.stop();
  }
  say(
    `One refund: ${overhead.overheadP50Ms} ms of Redress beside ${overhead.sandboxP50Ms} ms of the sandbox (p50).`,
  );
  const machine = describeMachine(server.version);
  say(machine);
  say(
    JSON.stringify({
      bench: "refunds",
      refunds: options.refunds,
      shareOfRateLimit: Math.min(...results.map((one) => one.shareOfRateLimit)),
      throttledShare: Math.max(...results.map((one) => one.throttledShare)),
      ...overhead,
      results,
      machine,
    }),
  );
  return results.every(({ missing, double }) => missing === 0 && double === 0) ? 0 : 1;
}
