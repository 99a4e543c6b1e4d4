import type { ReactNode } from "react";
import { Card } from "../ui/card.tsx";

/** One question and its answer: the figure of the whole time, how it went, and the numbers behind it. */
export function FigureCard({
  name,
  title,
  value,
  detail,
  children,
}: {
  name: string;
  title: string;
  value: ReactNode;
  detail: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card data-figure={name} aria-labelledby={`figure-${name}`} className="min-w-0 px-4 py-3.5">
      <h2 id={`figure-${name}`} className="text-sm font-semibold">
        {title}
      </h2>
      <p className="numeric mt-1 text-xl font-semibold tracking-tight">{value}</p>
      <p className="mb-4 text-xs text-ink-soft">{detail}</p>
      {children}
    </Card>
  );
}
