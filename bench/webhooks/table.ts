import type { Summary } from "./summary.ts";

const header = [
  "connections",
  "subject",
  "requests/s",
  "p50 ms",
  "p99 ms",
  "refused",
  "CPU ms an event: itself",
  "PostgreSQL",
  "load",
  "handled/s meanwhile",
  "open at the end",
];

/** The figures as a table in Markdown, ready for docs/performance.md. */
export function formatTable({ figures }: Summary): string {
  const rows = figures.map(
    ({ connections, subject, pool, requestsPerSecond, p50Ms, p99Ms, refused, cpuMs, drained }) => [
      connections,
      pool === null ? subject : `${subject} (pool of ${pool})`,
      requestsPerSecond,
      p50Ms,
      p99Ms,
      refused,
      cpuMs.subject ?? "",
      cpuMs.database ?? "",
      cpuMs.load ?? "",
      drained?.handledPerSecond ?? "",
      drained?.open ?? "",
    ],
  );
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
