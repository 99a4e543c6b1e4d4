"use client";

import { Search } from "lucide-react";
import Link from "../link.tsx";

/** The name of the event that opens the palette, wherever its button stands. */
export const openPalette = "redress:palette";

/** Opens the command palette; without JavaScript it leads to the search. */
export function PaletteButton() {
  return (
    <Link
      href="/purchases"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={(event) => {
        event.preventDefault();
        dispatchEvent(new Event(openPalette));
      }}
      className="mt-3 flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line px-2.5 text-sm text-ink-faint hover:border-line-strong hover:text-ink md:mx-2 md:mt-0 md:mb-2 md:flex-none"
    >
      <Search aria-hidden className="size-3.5 shrink-0" />
      <span className="flex-1 truncate">Find or go to</span>
      <kbd className="hidden font-sans text-2xs md:block">Ctrl K</kbd>
    </Link>
  );
}
