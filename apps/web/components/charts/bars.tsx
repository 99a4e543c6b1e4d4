import { plot } from "./frame.tsx";

const [height, step, width] = [100, 10, 7];
/** What is not zero can be seen. */
const least = 1.5;

/**
 * Bars side by side, the last of them only outlined: its span is not over yet. Stretched to its place.
 *
 * @param top the value at the upper edge
 * @param summary what it shows, for who does not see it
 */
export function Bars({
  values,
  top,
  summary,
  className = plot,
}: {
  values: readonly number[];
  top: number;
  summary: string;
  className?: string;
}) {
  const over = values.slice(0, -1).map((value, index) => bar(value, index, top));
  return (
    <svg
      role="img"
      aria-label={summary}
      viewBox={`0 0 ${values.length * step} ${height}`}
      preserveAspectRatio="none"
      className={`${className} text-accent`}
    >
      <path d={over.join("")} fill="currentColor" />
      <path
        d={bar(values.at(-1) ?? 0, values.length - 1, top)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

function bar(value: number, index: number, top: number): string {
  if (value <= 0) return "";
  const tall = Math.max(least, (value / top) * height);
  const left = index * step + (step - width) / 2;
  return `M${left} ${height}v${-round(tall)}h${width}v${round(tall)}z`;
}

const round = (number: number) => Math.round(number * 100) / 100;
