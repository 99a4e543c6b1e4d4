"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { findPurchases, type PaletteCandidate } from "./find-purchases.ts";
import { openPalette } from "./palette-button.tsx";
import {
  type FindState,
  type PaletteItem,
  type PalettePlace,
  placeItems,
  purchaseItem,
} from "./palette-items.ts";
import { PaletteList } from "./palette-list.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const typingPauseMs = 120;

/** Ctrl+K or ⌘K: go anywhere, find a purchase by whatever the customer wrote. Also the keys that lead to pages. */
export function CommandPalette({ places, finds }: { places: readonly PalettePlace[]; finds: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const router = useRouter();
  useShortcuts({
    places,
    go: (href) => router.push(href),
    open: () => dialog.current?.open || dialog.current?.showModal(),
    help: () => help.current?.open || help.current?.showModal(),
  });
  useEffect(() => {
    const open = () => dialog.current?.open || dialog.current?.showModal();
    addEventListener(openPalette, open);
    return () => removeEventListener(openPalette, open);
  }, []);
  return (
    <>
      <dialog
        ref={dialog}
        aria-label="Find or go to"
        // A click on the backdrop is one on the dialog itself.
        onClick={(event) => event.target === dialog.current && dialog.current.close()}
        onKeyDown={(event) => event.stopPropagation()}
        className="m-auto mt-[12vh] w-[min(40rem,calc(100vw-1.5rem))] overflow-hidden rounded-xl border border-line-strong bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/40"
      >
        <Finder
          places={places}
          finds={finds}
          choose={(href) => {
            dialog.current?.close();
            router.push(href);
          }}
        />
      </dialog>
      <ShortcutHelp dialog={help} places={places} />
    </>
  );
}

function Finder({
  places,
  finds,
  choose,
}: {
  places: readonly PalettePlace[];
  finds: boolean;
  choose: (href: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { purchases, state } = useFound(finds ? typed : "");
  const listId = useId();
  const pages = placeItems(places, typed);
  const items: readonly PaletteItem[] = [...purchases.map(purchaseItem), ...pages];
  const marked = Math.min(at, items.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((marked + step + items.length) % items.length);
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const item = items[marked];
    // What is still being looked for may be what is meant.
    if (item && state !== "looking") choose(item.href);
  };

  return (
    <>
      <input
        type="search"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? `${listId}-${marked}` : undefined}
        aria-label="Find or go to"
        placeholder={finds ? "E-mail, name, order number, ch_…, or a page" : "The name of a page"}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
      />
      <PaletteList
        id={listId}
        items={items}
        firstPage={purchases.length}
        marked={marked}
        state={state}
        typed={typed}
        choose={choose}
      />
    </>
  );
}

function useFound(typed: string): { purchases: readonly PaletteCandidate[]; state: FindState } {
  const words = typed.trim();
  const asked = words.length < 2 ? "" : words;
  const [found, setFound] = useState<{ for: string; purchases: PaletteCandidate[]; failed: boolean }>({
    for: "",
    purchases: [],
    failed: false,
  });
  useEffect(() => {
    if (asked === "") return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const purchases = await findPurchases(asked, abort.signal);
        setFound({ for: asked, purchases, failed: false });
      } catch {
        if (!abort.signal.aborted) setFound({ for: asked, purchases: [], failed: true });
      }
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  if (asked === "") return { purchases: [], state: "idle" };
  if (found.for !== asked) return { purchases: [], state: "looking" };
  return { purchases: found.purchases, state: found.failed ? "failed" : "done" };
}
