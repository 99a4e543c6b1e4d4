import type { BulkView } from "@redress/core/bulk/bulk-view";

/** How far a list has come: while it is judged by its lines, then by what was asked for, and how that ended. */
export function BulkProgress({ bulk }: { bulk: BulkView }) {
  const { lines, itemCount, status, refunds } = bulk;
  const isPreparing = status === "preparing";
  const all = isPreparing ? itemCount : itemCount - lines.left_out.count;
  const done = isPreparing ? itemCount - lines.listed.count : lines.requested.count + lines.dropped.count;
  const succeeded = refunds.find((one) => one.status === "succeeded")?.count ?? 0;
  const share = (count: number) => `${all === 0 ? 0 : (100 * count) / all}%`;
  const said = describe(bulk, { done, all, succeeded });
  return (
    <div className="grid gap-1.5">
      <div
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={done}
        aria-label="Progress"
        aria-valuetext={said}
        className="relative h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div className="absolute inset-y-0 left-0 bg-moving/40" style={{ width: share(done) }} />
        {!isPreparing && (
          <div className="absolute inset-y-0 left-0 bg-good" style={{ width: share(succeeded) }} />
        )}
      </div>
      <p className="numeric text-xs text-ink-soft">{said}</p>
    </div>
  );
}

const number = (count: number) => count.toLocaleString("en");

function describe(
  { status, itemCount, lines }: BulkView,
  { done, all, succeeded }: { done: number; all: number; succeeded: number },
): string {
  if (status === "preparing") return `${number(done)} of ${number(all)} lines judged`;
  if (lines.ready.count === all) {
    return `${number(itemCount)} lines judged: ${number(all)} to refund, ${number(lines.left_out.count)} left out`;
  }
  return `${number(done)} of ${number(all)} lines done, ${number(succeeded)} refunded`;
}
