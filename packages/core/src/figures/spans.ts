/** How far back figures go. */
export const figureTimes = ["7d", "30d", "90d", "12m"] as const;
export type FigureTime = (typeof figureTimes)[number];

/** A part of that time, in UTC: figures are summed up for each. */
export interface Span {
  readonly from: Date;
  /** Exclusive; of the last one in the future. */
  readonly until: Date;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What one span is, for people. */
export const spanUnits: Readonly<Record<FigureTime, "day" | "week" | "month">> = {
  "7d": "day",
  "30d": "day",
  "90d": "week",
  "12m": "month",
};

/**
 * The spans of a time, oldest first, whole days, weeks or months; the last one is not over yet. Weeks are counted back
 * from today, so the first of ninety days has six.
 */
export function spansOf(time: FigureTime, now: Date): Span[] {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (time === "12m") {
    return between(Array.from({ length: 13 }, (_, index) => new Date(Date.UTC(year, month - 11 + index))));
  }
  const end = Date.UTC(year, month, day + 1);
  const days = Number.parseInt(time, 10);
  const step = spanUnits[time] === "week" ? 7 : 1;
  const count = Math.ceil(days / step);
  const edges = Array.from({ length: count + 1 }, (_, index) => Math.min(days, (count - index) * step));
  return between(edges.map((daysBack) => new Date(end - daysBack * dayMs)));
}

function between(edges: readonly Date[]): Span[] {
  return edges.slice(1).map((until, index) => ({ from: edges[index] ?? until, until }));
}
