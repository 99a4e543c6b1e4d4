import type { Closers } from "../closers.ts";
import { type DatabaseServer, startDatabaseServer } from "../database-server.ts";
import { type Desk, startDesk } from "../desk.ts";
import { type Load, startLoad } from "../load/load.ts";
import { describeMachine } from "../machine.ts";
import type { WebhookOptions } from "../options.ts";
import { startReceivingApps } from "../receiving-apps.ts";
import { round } from "../statistics.ts";
import { type BenchStripe, startStripe } from "../stripe.ts";
import { type KillResult, runKills } from "./kills.ts";
import { runRounds, type Turn } from "./rounds.ts";
import { countStored, type Kept } from "./stored.ts";
import { deskAsTarget, startRaw, startSyncEngine, type Target } from "./subjects.ts";
import { summarise } from "./summary.ts";
import { formatTable } from "./table.ts";

type Say = (line: string) => void;

const chargesPerAccount = 300;
const refundsPerAccount = 150;
const poolsToTry = [4, 8, 16, 32];

/**
 * Measures how fast events are taken in, by Redress and by what it is compared with, and looks for every
 * acknowledged event.
 *
 * @returns the exit code: 1 when an acknowledged event is missing
 */
export async function runWebhooks(options: WebhookOptions, closers: Closers, say: Say): Promise<number> {
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  const stripe = await startStripe(chargesPerAccount);
  closers.add(() => stripe.sandbox.close());
  const desk = options.subjects.includes("redress")
    ? await openDesk(options, { server, stripe, closers, say })
    : null;
  await stripe.refundCharges(refundsPerAccount);
  const load = startLoad(await stripe.templates());
  closers.add(() => load.close());
  const levels = await openLevels(options, { server, load, desk, closers, say });

  const acknowledged = new Map<Target, string[]>();
  const onAcknowledged = (target: Target, ids: readonly string[]) =>
    void acknowledged.set(target, (acknowledged.get(target) ?? []).concat(ids));
  const turns = await runRounds({
    ...options,
    server,
    load,
    levels,
    onAcknowledged,
    onTurn: (turn) => say(tell(turn)),
  });
  const killed = desk === null ? [] : await kill(options, { server, load, ...desk, onAcknowledged, say });
  return report({ options, server, turns, killed, acknowledged, levels, say });
}

interface Opened {
  readonly server: DatabaseServer;
  readonly load: Load;
  readonly closers: Closers;
  readonly say: Say;
}
type OpenDesk = { readonly desk: Desk; readonly target: Target };

async function openDesk(
  options: WebhookOptions,
  { server, stripe, closers, say }: Omit<Opened, "load"> & { stripe: BenchStripe },
): Promise<OpenDesk> {
  const receiving = await startReceivingApps();
  closers.add(() => receiving.close());
  const connectionString = await server.createDatabase("redress");
  const desk = await startDesk({ stripe, connectionString, profile: options.profile, say });
  closers.add(() => desk.stop());
  await desk.connectApps(stripe, receiving);
  return { desk, target: deskAsTarget(desk, connectionString) };
}

async function openLevels(
  { subjects, connections, pool }: WebhookOptions,
  { server, load, desk, closers, say }: Opened & { desk: OpenDesk | null },
) {
  desk?.target.pause();
  const shared: Target[] = [];
  if (subjects.includes("sync-engine")) {
    const target = await startSyncEngine(server);
    closers.add(() => target.stop());
    shared.push(target);
  }
  if (desk) shared.push(desk.target);
  const levels: { connections: number; targets: Target[] }[] = [];
  for (const count of connections) {
    const targets = [...shared];
    if (subjects.includes("raw")) {
      const pools = pool === null ? poolsToTry : [pool];
      const raw = await startRaw({ server, load, connections: count, pools, say });
      closers.add(() => raw.stop());
      targets.unshift(raw);
    }
    levels.push({ connections: count, targets });
  }
  return levels;
}

async function kill(
  { kills }: WebhookOptions,
  given: Pick<Opened, "server" | "load" | "say"> &
    OpenDesk & {
      onAcknowledged: (target: Target, ids: readonly string[]) => void;
    },
): Promise<KillResult[]> {
  const { target, say, onAcknowledged } = given;
  target.resume();
  return runKills({
    ...given,
    kills,
    onAcknowledged: (ids) => onAcknowledged(target, ids),
    onKill: ({ killed, acknowledged, stored, unanswered, awaySeconds }) =>
      say(
        `Killed the ${killed} under load: ${stored} of ${acknowledged} acknowledged events are stored, ${unanswered} were not answered, away for ${awaySeconds} s.`,
      ),
  });
}

function tell({
  round: number,
  subject,
  connections,
  requestsPerSecond,
  p50Ms,
  p99Ms,
  drained,
}: Turn): string {
  const meanwhile = drained ? `, handled ${drained.handled} meanwhile, ${drained.open} open` : "";
  return `Round ${number}, ${connections} connections, ${subject}: ${Math.round(requestsPerSecond)}/s, p50 ${round(p50Ms, 2)} ms, p99 ${round(p99Ms, 2)} ms${meanwhile}`;
}

async function report(given: {
  options: WebhookOptions;
  server: DatabaseServer;
  turns: readonly Turn[];
  killed: readonly KillResult[];
  acknowledged: ReadonlyMap<Target, readonly string[]>;
  levels: readonly { connections: number; targets: readonly Target[] }[];
  say: Say;
}): Promise<number> {
  const { options, server, turns, killed, acknowledged, levels, say } = given;
  const summary = summarise(turns, options.seconds);
  const sums = { acknowledged: 0, stored: 0 };
  let missing = 0;
  for (const [target, ids] of acknowledged) {
    const kept = await countStored(target.name, target.connectionString, ids);
    say(describeKept(target, ids.length, kept));
    missing += kept?.missing.length ?? 0;
    if (target.name !== "redress" || !kept) continue;
    Object.assign(sums, { acknowledged: kept.acknowledged, stored: kept.stored });
  }
  const machine = describeMachine(server.version);
  say(
    `\n${machine}. Medians of ${options.rounds} rounds of ${options.seconds} s.\n\n${formatTable(summary)}\n`,
  );
  const rawPools = levels.flatMap(({ connections, targets }) =>
    targets.flatMap((target) => ("pool" in target ? [[connections, target.pool]] : [])),
  );
  const kills = killed.map(({ missing: lost, ...result }) => ({ ...result, missing: lost.length }));
  const result = { ...summary.ratios, ...sums, rawPools: Object.fromEntries(rawPools), kills };
  say(JSON.stringify({ bench: "webhooks", ...result, machine, figures: summary.figures }));
  return missing === 0 ? 0 : 1;
}

function describeKept({ name }: Target, acknowledged: number, kept: Kept | null): string {
  if (kept === null)
    return `${name}: ${acknowledged} events acknowledged; it keeps objects, so events cannot be counted.`;
  if (kept.missing.length === 0)
    return `${name}: all ${acknowledged} acknowledged events are in the database.`;
  return `${name}: ${kept.missing.length} of ${acknowledged} acknowledged events are MISSING, e.g. ${kept.missing.slice(0, 5).join(", ")}.`;
}
