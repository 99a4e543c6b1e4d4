import type { ReactNode, RefObject } from "react";
import { Button } from "../ui/button.tsx";
import type { PalettePlace } from "./palette-items.ts";

const everywhere: readonly [string, string][] = [
  ["Ctrl K or ⌘ K", "Find a purchase, or go to a page"],
  ["/", "The same"],
  ["J, K", "Next line, line before"],
  ["Enter", "Open the line"],
  ["?", "These keys"],
];

const approvals: readonly [string, string][] = [
  ["J, K", "Next request, request before"],
  ["Space", "Open or close it"],
  ["A", "To its button Approve; Enter approves"],
  ["R", "To its note; Ctrl Enter rejects"],
];

/** All keys, shown over the page. */
export function ShortcutHelp({
  dialog,
  places,
}: {
  dialog: RefObject<HTMLDialogElement | null>;
  places: readonly PalettePlace[];
}) {
  const chords = places.flatMap(({ key, label }): [string, string][] =>
    key ? [[`G ${key.toUpperCase()}`, label]] : [],
  );
  return (
    <dialog
      ref={dialog}
      aria-labelledby="shortcut-help"
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
      onKeyDown={undefined}
      className="m-auto w-[min(44rem,calc(100vw-1.5rem))] rounded-xl border border-line-strong bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/40"
    >
      <div className="p-5">
        <h2 id="shortcut-help" className="mb-4 text-lg font-semibold">
          Keys
        </h2>
        <div className="grid gap-6 sm:grid-cols-2">
          <Keys title="Everywhere" keys={everywhere} />
          <Keys title="Approvals" keys={approvals} />
          <div className="sm:col-span-2">
            <Keys title="Go to" keys={chords} columns />
          </div>
        </div>
        <form method="dialog" className="mt-5 flex justify-end">
          <Button type="submit">Close</Button>
        </form>
      </div>
    </dialog>
  );
}

function Keys({
  title,
  keys,
  columns,
}: {
  title: string;
  keys: readonly [string, string][];
  columns?: boolean;
}) {
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-medium text-ink-faint">{title}</h3>
      <dl className={columns ? "grid gap-x-6 sm:grid-cols-2" : "grid"}>
        {keys.map(([key, what]) => (
          <div key={key} className="flex items-baseline justify-between gap-3 py-1 text-sm">
            <dt className="order-last whitespace-nowrap">
              <Kbd>{key}</Kbd>
            </dt>
            <dd className="text-ink-soft">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded border border-line-strong bg-sunken px-1.5 py-0.5 font-sans text-2xs text-ink-soft">
      {children}
    </kbd>
  );
}
