import { bounds, type Measure, measures } from "@redress/core/metrics/meter";
import type { ProcessReading } from "@redress/core/metrics/process-reading";

/**
 * What processes counted, as histograms in Prometheus' text format: prom-client has no way to take in counts that another
 * process made. Each is announced also while it is empty, so that a rule can name it.
 */
export function writeHistograms(readings: readonly ProcessReading[]): string {
  return Object.entries(measures)
    .flatMap(([name, help]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...readings.flatMap((reading) => linesOf(name, reading)),
    ])
    .join("\n")
    .concat("\n");
}

function linesOf(name: string, { process, series }: ProcessReading): string[] {
  return series
    .filter(({ measure }) => measure === (name as Measure))
    .flatMap(({ labels, counts, seconds }) => {
      const own = { process, ...labels };
      let sum = 0;
      const classes = [...bounds.map(String), "+Inf"].map((le, place) => {
        sum += counts[place] ?? 0;
        return `${name}_bucket${inBraces({ ...own, le })} ${sum}`;
      });
      return [...classes, `${name}_sum${inBraces(own)} ${seconds}`, `${name}_count${inBraces(own)} ${sum}`];
    });
}

function inBraces(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",")}}`;
}
