import { ChevronRight, ChevronsLeft } from "lucide-react";
import { withSearch } from "../src/http/search.ts";
import Link from "./link.tsx";
import { Button } from "./ui/button.tsx";

/** Steps through a list that is read part by part: back to the newest, on to older ones. */
export function Pager({
  path,
  search,
  nextCursor,
}: {
  path: string;
  search: Record<string, string | undefined>;
  nextCursor: string | null;
}) {
  if (!nextCursor && !search.cursor) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
      {search.cursor && (
        <Button asChild size="small">
          <Link href={withSearch(path, { ...search, cursor: undefined })}>
            <ChevronsLeft aria-hidden /> Newest
          </Link>
        </Button>
      )}
      {nextCursor && (
        <Button asChild size="small">
          <Link href={withSearch(path, { ...search, cursor: nextCursor })} rel="next">
            Older <ChevronRight aria-hidden />
          </Link>
        </Button>
      )}
    </nav>
  );
}
