import Link from "next/link";
import { withSearch } from "../src/http/search.ts";

/** Chips that narrow a list; the choice stands in the address as `show`. */
export function FilterLinks({
  path,
  filters,
  current,
  keep = {},
}: {
  path: string;
  /** What each choice is called; `all` is the one that needs no parameter. */
  filters: Readonly<Record<string, string>>;
  current: string;
  /** What else stands in the address and stays. */
  keep?: Readonly<Record<string, string | undefined>>;
}) {
  return (
    <nav aria-label="Filter" className="mb-4 flex flex-wrap gap-1">
      {Object.entries(filters).map(([show, label]) => (
        <Link
          key={show}
          href={withSearch(path, { ...keep, show: show === "all" ? undefined : show })}
          aria-current={show === current ? "true" : undefined}
          className="rounded-full border border-line px-3 py-1 text-xs text-ink-soft hover:bg-sunken aria-[current=true]:border-ink aria-[current=true]:bg-ink aria-[current=true]:text-canvas"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
