import type { Metadata } from "next";
import { z } from "zod";
import { CodeForm } from "../../../../components/entry/entry-forms.tsx";
import { readSearch, type SearchParams } from "../../../../src/http/search.ts";

export const metadata: Metadata = { title: "Second step" };

export default async function CodePage({ searchParams }: { searchParams: SearchParams }) {
  const { next } = await readSearch(searchParams, z.object({ next: z.string().catch("/") }));
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Second step</h1>
      <CodeForm next={next} />
    </>
  );
}
