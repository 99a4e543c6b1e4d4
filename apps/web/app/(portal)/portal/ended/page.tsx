import { Timer, Unlink } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { EmptyState } from "../../../../components/ui/page.tsx";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Link ended" };

const searchSchema = z.object({ fast: z.literal("1").optional().catch(undefined) });

/** The same for every link that opens nothing: what is not known tells nobody more. */
export default async function EndedPage({ searchParams }: { searchParams: SearchParams }) {
  const { fast } = await readSearch(searchParams, searchSchema);
  if (fast) {
    return (
      <EmptyState icon={Timer} title="That was too fast">
        A link shows 120 pages a minute. Wait a moment, then go back.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Unlink} title="This link opens nothing">
      <p>
        A link for an app’s developer works for a while, and in the one browser that opened it. It may be too
        old, revoked, or opened elsewhere.
      </p>
      <p className="mt-3">Ask the person who gave it to you for another.</p>
    </EmptyState>
  );
}
