import type { ReactNode } from "react";

/** Of every chart: its height is fixed, so that nothing moves while it is drawn. */
export const plot = "block h-32 w-full overflow-visible";

/**
 * The axes of a chart. Their words are text of the page and not of the drawing, which is stretched to any width.
 *
 * @param top what the upper edge stands for; the lower one is zero
 * @param labels of the spans, oldest first: the first, the middle and the last are shown
 */
export function Frame({
  top,
  labels,
  children,
}: {
  top: string;
  labels: readonly string[];
  children: ReactNode;
}) {
  const middle = labels.length > 2 ? labels[Math.floor((labels.length - 1) / 2)] : undefined;
  return (
    <div className="grid grid-cols-[minmax(2.5rem,auto)_minmax(0,1fr)] gap-x-2 text-2xs text-ink-faint">
      <div aria-hidden className="numeric flex flex-col justify-between text-right">
        <span className="-mt-2">{top}</span>
        <span className="-mb-2">0</span>
      </div>
      <div className="border-t border-b border-t-line border-b-line-strong bg-[linear-gradient(var(--line),var(--line))] bg-[length:100%_1px] bg-[position:0_50%] bg-no-repeat">
        {children}
      </div>
      <div aria-hidden className="col-start-2 mt-1.5 flex justify-between">
        {[labels[0], middle, labels.length > 1 ? labels.at(-1) : undefined].map(
          (label) => label !== undefined && <span key={label}>{label}</span>,
        )}
      </div>
    </div>
  );
}
