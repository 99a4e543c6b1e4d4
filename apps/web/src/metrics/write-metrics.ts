import type { Dependencies } from "@redress/core/dependencies";
import { readGauges } from "@redress/core/metrics/read-gauges";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { version } from "../version.ts";

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
 * @param connections of this process' pool to the database
 */
export async function writeMetrics(
  dependencies: Pick<Dependencies, "database" | "clock" | "settings">,
  connections: { readonly total: number; readonly idle: number; readonly waiting: number },
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
  for (const [state, value] of Object.entries(connections)) {
    set("redress_database_connections", "Connections of this process to the database, by state.", value, {
      state,
    });
  }
  set("redress_info", "Always 1: which release runs, and in which mode.", 1, {
    version,
    mode: dependencies.settings.mode,
  });
  const merged = Registry.merge([registry, processMetrics()]);
  return { body: await merged.metrics(), contentType: merged.contentType };
}
