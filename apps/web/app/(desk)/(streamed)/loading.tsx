/**
 * The shape of a list while its data is read. Only pages without a form are streamed: the others arrive
 * whole, so that they work without JavaScript.
 */
export default function Loading() {
  return (
    <div role="status" className="animate-none motion-safe:animate-pulse">
      <span className="sr-only">Loading …</span>
      <div className="mb-5 h-7 w-44 rounded-md bg-sunken" />
      <div className="mb-4 h-9 w-full rounded-md bg-sunken" />
      <div className="overflow-hidden rounded-lg border border-line">
        {Array.from({ length: 8 }, (_, row) => `row ${row}`).map((row) => (
          <div key={row} className="flex h-11 items-center gap-6 border-b border-line px-4 last:border-0">
            <div className="h-3.5 w-40 rounded bg-sunken" />
            <div className="h-3.5 w-28 rounded bg-sunken" />
            <div className="ml-auto h-3.5 w-16 rounded bg-sunken" />
          </div>
        ))}
      </div>
    </div>
  );
}
