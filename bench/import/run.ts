import { setTimeout as pause } from "node:timers/promises";
import { burst, sharePerSecond } from "@redress/core/stripe/request-share";
import { startSandbox } from "@redress/stripe-sandbox";
import type { Closers } from "../closers.ts";
import { startDatabaseServer } from "../database-server.ts";
import { startDesk } from "../desk.ts";
import { describeMachine } from "../machine.ts";
import type { ImportOptions } from "../options.ts";
import { startReceivingApps } from "../receiving-apps.ts";
import { round } from "../statistics.ts";
import { compareWithCharges } from "./compare.ts";
import { atWork, memoryGrowthMiB, memoryGrowthOfAllMiB, shareOfLimit } from "./figures.ts";
import { type Look, watchImport } from "./sample.ts";

const slug = "type-school";
/** After the start: what is loaded a little later is no growth. */
const quietMs = 5_000;
/** So that each stretch of the import is cut by time, as of an account that has sold for years. */
const days = 1_000;

/**
 * Imports a whole history by a desk that is killed half-way, with all its processes, and started again.
 *
 * @returns the exit code: 1 when a purchase is missing or there twice
 */
export async function runImport(
  { charges, limit }: ImportOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const sandbox = await startSandbox({ seed: 1, rateLimitPerSecond: limit });
  closers.add(() => sandbox.close());
  const { id: accountId } = await sandbox.admin.createAccount({ business_name: slug });
  const made = await sandbox.admin.seed({ account: accountId, count: charges, seed: 7, days });
  const receiving = await startReceivingApps();
  closers.add(() => receiving.close());
  const connectionString = await server.createDatabase("import");
  const env = { REDRESS_STRIPE_RATE_LIMIT: String(limit) };
  const desk = await startDesk({ stripe: { sandbox }, connectionString, env, say });
  closers.add(() => desk.stop());

  const watch = (until: (look: Look) => boolean) =>
    watchImport({ connectionString, accountId, pid: desk.pid, until });
  await pause(quietMs);
  const quiet = await watch(() => true);
  await desk.connectApps({ apps: [{ slug, accountId }] }, receiving, { waits: false });
  const before = [...quiet, ...(await watch(({ imported }) => imported >= charges / 2))];
  await desk.killAll();
  const killedAt = performance.now();
  await desk.restart();
  const after = await watch(({ status }) => status === "done");
  const stretches = [atWork(before), atWork(after)];
  const awaySeconds = round(((stretches[1]?.[1]?.atMs ?? killedAt) - killedAt) / 1_000, 1);

  const perSecond = sharePerSecond({ mode: "sandbox", stripeRateLimit: limit });
  const result = {
    bench: "import",
    charges,
    limit,
    shareOfRateLimit: shareOfLimit(stretches, { perSecond, burst }),
    memoryGrowthMiB: Math.max(memoryGrowthMiB(before), memoryGrowthMiB(after)),
    memoryGrowthOfAllMiB: Math.max(memoryGrowthOfAllMiB(before), memoryGrowthOfAllMiB(after)),
    ...(await compareWithCharges(connectionString, { accountId, charges: made.charges })),
    seconds: round(
      stretches.reduce((sum, looks) => sum + secondsOf(looks), 0),
      1,
    ),
    awaySeconds,
    pages: after.at(-1)?.pages ?? 0,
  };
  const machine = describeMachine(server.version);
  say(
    `${charges} charges in ${result.seconds} s of work, ${round(result.shareOfRateLimit * 100, 1)} % of the ${perSecond} requests a second that an import may make; killed half-way, it went on after ${awaySeconds} s.`,
  );
  say(machine);
  say(JSON.stringify({ ...result, machine }));
  return result.missing === 0 && result.double === 0 ? 0 : 1;
}

const secondsOf = (looks: readonly Look[]) => ((looks.at(-1)?.atMs ?? 0) - (looks.at(0)?.atMs ?? 0)) / 1_000;
