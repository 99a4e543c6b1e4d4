import type { Dependencies } from "@redress/core/dependencies";
import type { ProcessReading } from "@redress/core/metrics/process-reading";
import { readGauges } from "@redress/core/metrics/read-gauges";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { version } from "../version.ts";
import { writeHistograms } from "./write-histograms.ts";

/** Of this process: memory, event loop, garbage collection. Started once, with the first look. */
let ofProcess: Registry | null = null;

function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/**
 * All measured values in Prometheus' text format (version 0.0.4).
 *
 * @param readings of the processes of this desk: the one that is asked, and its worker
 */
export async function writeMetrics(
  dependencies: Pick<Dependencies, "database" | "clock" | "settings">,
  readings: readonly ProcessReading[],
): Promise<{ body: string; contentType: string }> {
  const registry = new Registry();
  const gauges = new Map<string, Gauge<string>>();
  const set = (name: string, help: string, value: number, labels: Readonly<Record<string, string>> = {}) => {
    const gauge =
      gauges.get(name) ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] });
    gauges.set(name, gauge);
    gauge.set({ ...labels }, value);
  };
  for (const { name, help, value, labels } of await readGauges(dependencies)) set(name, help, value, labels);
  for (const { process, connections, residentBytes } of readings) {
    for (const [state, value] of Object.entries(connections)) {
      set("redress_database_connections", "Connections to the database, by process and state.", value, {
        process,
        state,
      });
    }
    set("redress_process_resident_bytes", "Memory in use, by process.", residentBytes, { process });
  }
  set("redress_info", "Always 1: which release runs, and in which mode.", 1, {
    version,
    mode: dependencies.settings.mode,
  });
  const merged = Registry.merge([registry, processMetrics()]);
  return { body: `${await merged.metrics()}${writeHistograms(readings)}`, contentType: merged.contentType };
}
