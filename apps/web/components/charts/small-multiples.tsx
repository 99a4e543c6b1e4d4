import type { ReactNode } from "react";

export interface Multiple {
  readonly key: string;
  readonly name: string;
  /** Of the whole time. */
  readonly value: string;
  readonly chart: ReactNode;
}

/** For the small drawings: as tall as two lines of text. */
export const smallPlot = "block h-8 w-full overflow-visible";

/** The same drawing for each part of a whole, under each other and on one scale: no legend, no colours to tell apart. */
export function SmallMultiples({
  title,
  scale,
  parts,
}: {
  title: string;
  /** What the upper edge of each stands for. */
  scale: string;
  parts: readonly Multiple[];
}) {
  if (parts.length === 0) return null;
  return (
    <section className="mt-4 border-t border-line pt-3">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="text-xs font-semibold">{title}</h3>
        <p className="text-2xs text-ink-faint">Each up to {scale}</p>
      </div>
      <ul className="grid gap-y-2.5">
        {parts.map(({ key, name, value, chart }) => (
          <li
            key={key}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-xs sm:grid-cols-[minmax(0,8rem)_5.5rem_minmax(0,1fr)]"
          >
            <span className="truncate text-ink-soft" title={name}>
              {name}
            </span>
            <span className="numeric text-right font-medium">{value}</span>
            <div className="col-span-2 border-b border-line-strong sm:col-span-1">{chart}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
