import { plot } from "./frame.tsx";

/** Told apart by stroke and mark, so that no colour is needed. */
const looks = {
  solid: { dash: undefined, cap: "round", tone: "text-accent" },
  dashed: { dash: "5 4", cap: "square", tone: "text-ink-soft" },
} as const;
export type LineLook = keyof typeof looks;

export interface Line {
  readonly look: LineLook;
  /** One for each span; null: nothing was measured, and the line breaks off. */
  readonly values: readonly (number | null)[];
}

const [height, step] = [100, 10];

/** Lines over the same spans. Stretched to their place; strokes and marks keep their size. */
export function Lines({
  lines,
  top,
  summary,
  className = plot,
}: {
  lines: readonly Line[];
  top: number;
  summary: string;
  className?: string;
}) {
  const count = Math.max(1, ...lines.map(({ values }) => values.length));
  return (
    <svg
      role="img"
      aria-label={summary}
      viewBox={`0 0 ${count * step} ${height}`}
      preserveAspectRatio="none"
      className={className}
    >
      {lines.map(({ look, values }) => (
        <g
          key={look}
          className={looks[look].tone}
          fill="none"
          stroke="currentColor"
          strokeLinecap={looks[look].cap}
          strokeLinejoin="round"
        >
          <path
            d={lineThrough(values, top)}
            strokeWidth="1.75"
            strokeDasharray={looks[look].dash}
            vectorEffect="non-scaling-stroke"
          />
          <path d={marksAt(values, top)} strokeWidth="5" vectorEffect="non-scaling-stroke" />
        </g>
      ))}
    </svg>
  );
}

/** How a line looks, beside its name. */
export function LineSample({ look }: { look: LineLook }) {
  const { dash, cap, tone } = looks[look];
  return (
    <svg aria-hidden viewBox="0 0 28 8" className={`inline-block h-2 w-7 ${tone}`} fill="none">
      <path d="M1 4h26" stroke="currentColor" strokeWidth="1.75" strokeDasharray={dash} />
      <path d="M14 4h0" stroke="currentColor" strokeWidth="5" strokeLinecap={cap} />
    </svg>
  );
}

function lineThrough(values: Line["values"], top: number): string {
  return values
    .map((value, index) => {
      if (value === null) return "";
      return `${(values[index - 1] ?? null) === null ? "M" : "L"}${placeOf(value, index, top)}`;
    })
    .join("");
}

/** Each a line of no length: its round or square ends are the mark, whatever the drawing is stretched to. */
function marksAt(values: Line["values"], top: number): string {
  return values.map((value, index) => (value === null ? "" : `M${placeOf(value, index, top)}h0`)).join("");
}

function placeOf(value: number, index: number, top: number): string {
  const y = height - (Math.min(value, top) / top) * height;
  return `${(index + 0.5) * step} ${Math.round(y * 100) / 100}`;
}
