import { type Ending, endings } from "./run-point.ts";

export interface Row {
  readonly path: string;
  readonly points: number;
  /** Runs with a death, with second ones. */
  readonly kills: number;
  readonly endings: Readonly<Record<Ending, number>>;
}

const headings = [
  "path",
  "points",
  "kills",
  "as if nothing",
  "repaired",
  "asked again",
  "violations",
] as const;

/** Counts how runs ended. */
export function countEndings(found: readonly Ending[]): Record<Ending, number> {
  const counts: Record<Ending, number> = {
    "as if nothing had happened": 0,
    repaired: 0,
    "asked again": 0,
    violated: 0,
  };
  for (const ending of found) counts[ending] += 1;
  return counts;
}

/** The crash table, as Markdown, with a line of sums. */
export function formatTable(rows: readonly Row[]): string {
  const cells = (row: Row) => [
    row.path,
    ...[row.points, row.kills, ...endings.map((ending) => row.endings[ending])].map(String),
  ];
  const table = [[...headings], ...rows.map(cells), cells(sum(rows))];
  const widths = headings.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const lines = table.map(
    (line) =>
      `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

export function sum(rows: readonly Row[]): Row {
  const total = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    path: "all",
    points: total(({ points }) => points),
    kills: total(({ kills }) => kills),
    endings: {
      "as if nothing had happened": total((row) => row.endings["as if nothing had happened"]),
      repaired: total((row) => row.endings.repaired),
      "asked again": total((row) => row.endings["asked again"]),
      violated: total((row) => row.endings.violated),
    },
  };
}
