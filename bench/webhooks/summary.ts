import { type SubjectName, subjectNames } from "../options.ts";
import { median, round } from "../statistics.ts";
import type { Turn } from "./rounds.ts";

/** Medians over the rounds. */
export interface Figures {
  readonly subject: SubjectName;
  readonly pool: number | null;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refused: number;
  readonly cpuMs: Turn["cpuMs"];
  /** Of Redress: events handled per second of its turns, and messages open at the end of the last. */
  readonly drained: { readonly handledPerSecond: number; readonly open: number } | null;
}

export interface Summary {
  readonly figures: readonly Figures[];
  /** Requests per second of Redress by those of the other, `ratioToRaw32` and so on; null if not measured. */
  readonly ratios: Readonly<Record<string, number | null>>;
}

const others = { Raw: "raw", SyncEngine: "sync-engine" } as const;
/** What `npm run bench` promises to print, whatever was left out. */
const promised = ["ratioToRaw8", "ratioToRaw32", "ratioToSyncEngine32", "p99RatioToRaw32"];

/**
 * Sums up the turns. A ratio is taken within each round, between neighbours in time, and the median of these
 * is what counts.
 *
 * @param seconds how long each turn was
 */
export function summarise(turns: readonly Turn[], seconds: number): Summary {
  const levels = [...new Set(turns.map(({ connections }) => connections))];
  const subjects = subjectNames.filter((name) => turns.some(({ subject }) => subject === name));
  const of = (subject: SubjectName, connections: number) =>
    turns.filter((turn) => turn.subject === subject && turn.connections === connections);
  const ratios: Record<string, number | null> = Object.fromEntries(promised.map((name) => [name, null]));
  for (const connections of levels) {
    for (const [label, other] of Object.entries(others)) {
      const pairs = pairRounds(of("redress", connections), of(other, connections));
      if (pairs.length === 0) continue;
      const ratio = (pick: (turn: Turn) => number) =>
        round(median(pairs.map(([own, theirs]) => pick(own) / pick(theirs))), 2);
      ratios[`ratioTo${label}${connections}`] = ratio((turn) => turn.requestsPerSecond);
      ratios[`p99RatioTo${label}${connections}`] = ratio((turn) => turn.p99Ms);
    }
  }
  const figures = levels.flatMap((connections) =>
    subjects.map((subject) => describe(of(subject, connections), seconds)),
  );
  return { figures: figures.filter((found) => found !== null), ratios };
}

function pairRounds(own: readonly Turn[], theirs: readonly Turn[]): [Turn, Turn][] {
  return own.flatMap((turn) => {
    const other = theirs.find(({ round }) => round === turn.round);
    return other ? [[turn, other] satisfies [Turn, Turn]] : [];
  });
}

function describe(turns: readonly Turn[], seconds: number): Figures | null {
  const last = turns.at(-1);
  if (!last) return null;
  const middle = (pick: (turn: Turn) => number, digits: number) => round(median(turns.map(pick)), digits);
  const cpu = (whose: keyof Turn["cpuMs"]) => {
    const known = turns.map(({ cpuMs }) => cpuMs[whose]).filter((used) => used !== null);
    return known.length === 0 ? null : round(median(known), 3);
  };
  return {
    subject: last.subject,
    pool: last.pool,
    connections: last.connections,
    requestsPerSecond: middle((turn) => turn.requestsPerSecond, 0),
    p50Ms: middle((turn) => turn.p50Ms, 2),
    p99Ms: middle((turn) => turn.p99Ms, 2),
    refused: turns.reduce((sum, { refused }) => sum + refused, 0),
    cpuMs: { subject: cpu("subject"), database: cpu("database"), load: cpu("load") },
    drained: last.drained && {
      handledPerSecond: middle((turn) => (turn.drained?.handled ?? 0) / seconds, 0),
      open: last.drained.open,
    },
  };
}
