"use client";

import { TriangleAlert } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/page.tsx";

/** A page that could not be shown: says so, and lets the reader try again. */
export default function DeskError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <EmptyState icon={TriangleAlert} title="This page could not be shown">
      <p>Something went wrong on our side; no refund was made or lost by it. Try again in a moment.</p>
      {error.digest && <p className="mt-2 text-xs text-ink-faint">In the server’s log: {error.digest}</p>}
      <Button className="mt-4" onClick={reset}>
        Try again
      </Button>
    </EmptyState>
  );
}
