import { ReceiptText, SquareArrowOutUpRight } from "lucide-react";
import { useEffect, useRef } from "react";
import type { FindState, PaletteItem } from "./palette-items.ts";

const sentences: Readonly<Record<FindState, string>> = {
  idle: "",
  looking: "Looking …",
  done: "No purchase matches.",
  failed: "The desk did not answer. Type on to try again.",
};

/** What was found, purchases before pages; one of them is marked, and Enter opens it. */
export function PaletteList({
  id,
  items,
  firstPage,
  marked,
  state,
  typed,
  choose,
}: {
  id: string;
  items: readonly PaletteItem[];
  /** How many purchases stand before the pages. */
  firstPage: number;
  marked: number;
  state: FindState;
  typed: string;
  choose: (href: string) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[marked]?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  const sentence = firstPage > 0 ? "" : sentences[state];
  return (
    <>
      <p role="status" className="px-4 pt-3 text-sm text-ink-faint empty:hidden">
        {sentence}
      </p>
      <div ref={list} id={id} role="listbox" aria-label="Found" className="max-h-[50vh] overflow-y-auto p-2">
        {items.map((item, index) => (
          <button
            key={item.href}
            type="button"
            id={`${id}-${index}`}
            role="option"
            // The field keeps the focus, and says which one is marked.
            tabIndex={-1}
            aria-selected={index === marked}
            onClick={() => choose(item.href)}
            className="flex min-h-10 w-full items-center text-left gap-3 rounded-md px-2.5 py-1.5 hover:bg-sunken/60 aria-selected:bg-accent-tint"
          >
            <Icon isPage={index >= firstPage} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm">{item.label}</span>
              {item.hint && <span className="block truncate text-xs text-ink-faint">{item.hint}</span>}
            </span>
            <span className="numeric shrink-0 text-xs text-ink-soft">{item.right}</span>
          </button>
        ))}
        {items.length === 0 && state !== "looking" && (
          <p className="px-2.5 py-2 text-sm text-ink-faint">No page is called “{typed.trim()}”.</p>
        )}
      </div>
      <p className="border-t border-line px-4 py-2 text-2xs text-ink-faint">
        ↑ ↓ choose · Enter opens · Esc closes · ? on a page shows all keys
      </p>
    </>
  );
}

function Icon({ isPage }: { isPage: boolean }) {
  const Shape = isPage ? SquareArrowOutUpRight : ReceiptText;
  return <Shape aria-hidden className="size-4 shrink-0 text-ink-faint" />;
}
