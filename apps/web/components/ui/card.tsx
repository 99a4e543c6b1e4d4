import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";

export function Card({ className, ...rest }: ComponentProps<"section">) {
  return (
    <section
      className={classNames("rounded-lg border border-line bg-surface shadow-(--shadow)", className)}
      {...rest}
    />
  );
}

/** The line at the top of a card. */
export function CardTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <header className="flex min-h-11 items-center justify-between gap-3 border-b border-line px-4 py-2">
      <h2 className="text-sm font-semibold">{children}</h2>
      {aside}
    </header>
  );
}

/** Names and values under each other, as in a properties panel. */
export function Properties({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line text-sm">{children}</dl>;
}

export function Property({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3 px-4 py-2">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
