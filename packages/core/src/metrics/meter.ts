/** What a process counts of its own doing: calls, by how they ended and how long they took. */
export const measures = {
  redress_stripe_call_seconds: "Calls to Stripe: seconds until the answer's head, by operation and outcome.",
  redress_webhook_answer_seconds:
    "Webhooks of Stripe: seconds from the whole body to the answer, by its status.",
  redress_notification_delivery_seconds: "Attempts to tell an app: seconds until the answer, by outcome.",
  redress_workflow_step_seconds: "Steps of workflows: seconds, by workflow and outcome.",
} as const;
export type Measure = keyof typeof measures;

/** Upper ends of the histograms' classes, in seconds. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] as const;

type Labels = Readonly<Record<string, string>>;

/** One histogram: what it measures, its labels, and what was counted since the process began. */
export interface Series {
  readonly measure: Measure;
  readonly labels: Labels;
  /** By class, each for itself; the last is above all bounds. */
  readonly counts: readonly number[];
  readonly seconds: number;
}

export interface Meter {
  /** Begins to time something; what it answers ends it, with what is known by then. */
  start(measure: Measure): (labels: Labels) => void;
  /** All that was counted so far. Plain data: a worker sends it to its desk. */
  read(): Series[];
}

/**
 * Counts in memory. Labels come from small fixed sets (operations, statuses), never from ids or people, so that what is
 * kept stays small.
 *
 * @param now in milliseconds, never going back: `performance.now`
 */
export function createMeter(now: () => number): Meter {
  const all = new Map<string, { measure: Measure; labels: Labels; counts: number[]; seconds: number }>();
  return {
    start(measure) {
      const begun = now();
      return (labels) => {
        const seconds = (now() - begun) / 1000;
        const key = `${measure} ${Object.values(labels).join(" ")}`;
        const counts = bounds.map(() => 0).concat(0);
        const series = all.get(key) ?? { measure, labels, counts, seconds: 0 };
        all.set(key, series);
        const found = bounds.findIndex((bound) => seconds <= bound);
        const place = found === -1 ? bounds.length : found;
        series.counts[place] = (series.counts[place] ?? 0) + 1;
        series.seconds += seconds;
      };
    },
    read: () => [...all.values()].map((series) => ({ ...series, counts: [...series.counts] })),
  };
}
