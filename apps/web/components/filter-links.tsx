import { withSearch } from "../src/http/search.ts";
import Link from "./link.tsx";

/** Chips that narrow what is shown; the choice stands in the address, as `show` unless told. */
export function FilterLinks({
  path,
  filters,
  current,
  keep = {},
  name = "show",
  usual = "all",
  label = "Filter",
}: {
  path: string;
  /** What each choice is called. */
  filters: Readonly<Record<string, string>>;
  current: string;
  /** What else stands in the address and stays. */
  keep?: Readonly<Record<string, string | undefined>>;
  name?: string;
  /** The choice that needs no parameter. */
  usual?: string;
  label?: string;
}) {
  return (
    <nav aria-label={label} className="mb-4 flex flex-wrap gap-1">
      {Object.entries(filters).map(([choice, called]) => (
        <Link
          key={choice}
          href={withSearch(path, { ...keep, [name]: choice === usual ? undefined : choice })}
          aria-current={choice === current ? "true" : undefined}
          className="rounded-full border border-line px-3 py-1 text-xs text-ink-soft hover:bg-sunken aria-[current=true]:border-ink aria-[current=true]:bg-ink aria-[current=true]:text-canvas"
        >
          {called}
        </Link>
      ))}
    </nav>
  );
}
