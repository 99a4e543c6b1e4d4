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
import { report } from "./report.ts";
import { runRounds, type Turn } from "./rounds.ts";
import { deskAsTarget, startRaw, startSyncEngine, type Target } from "./subjects.ts";

type Say = (line: string) => void;

/** Redress asks for them; to the others an event is an event. */
const perAccount = { withRedress: { charges: 300, refunds: 150 }, without: { charges: 10, refunds: 10 } };
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
  const { charges, refunds } = perAccount[options.subjects.includes("redress") ? "withRedress" : "without"];
  const stripe = await startStripe(charges);
  closers.add(() => stripe.sandbox.close());
  const desk = options.subjects.includes("redress")
    ? await openDesk(options, { server, stripe, closers, say })
    : null;
  await stripe.refundCharges(refunds);
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
  // Their part is done, and not all of them outlive their database.
  for (const { targets } of levels)
    for (const { name, stop } of targets) if (name !== "redress") await stop();
  const killed = desk === null ? [] : await kill(options, { server, load, ...desk, onAcknowledged, say });
  const machine = describeMachine(server.version);
  return report({
    seconds: options.seconds,
    rounds: options.rounds,
    machine,
    turns,
    killed,
    acknowledged,
    say,
  });
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
  await desk?.target.pause();
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
  await target.resume();
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
