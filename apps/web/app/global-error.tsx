"use client";

import "./globals.css";

/** The last resort, when not even the frame of a page could be shown. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <main className="mx-auto flex min-h-dvh max-w-sm flex-col items-start justify-center gap-3 px-5">
          <h1 className="text-2xl font-semibold tracking-tight">The desk does not answer</h1>
          <p className="text-ink-soft">
            It may be starting, or its database is away. No refund is lost: everything goes on once it is
            back.
          </p>
          {error.digest && <p className="text-xs text-ink-faint">In the server’s log: {error.digest}</p>}
          <button
            type="button"
            onClick={reset}
            className="h-9 rounded-md bg-accent px-3.5 text-sm font-medium text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
