import { useEffect, useRef } from "react";
import type { PalettePlace } from "./palette-items.ts";

/** So long G waits for the letter that says where to. */
const chordMs = 1500;

interface Shortcuts {
  readonly places: readonly PalettePlace[];
  readonly go: (href: string) => void;
  /** Opens the palette. */
  readonly open: () => unknown;
  /** Shows the keys. */
  readonly help: () => unknown;
}

/** Whether a key pressed here is a letter of a text, or belongs to a window above the page. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog[open]")) return true;
  return (
    target.isContentEditable ||
    (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]"))
  );
}

/** The lines that J and K step through: the first link of each row, and what opens of each request. */
export function lines(): HTMLElement[] {
  const found = document.querySelectorAll<HTMLElement>(
    "main tbody tr > td:first-child a, main li > details[name] > summary",
  );
  return [...found].filter((line) => line.checkVisibility());
}

/** Moves to the next line or the one before; from nowhere to the first. */
export function step(by: 1 | -1): void {
  const all = lines();
  const row = (element: Element | null) => element?.closest("tr, li") ?? null;
  const here = row(document.activeElement);
  const at = here === null ? -1 : all.findIndex((line) => row(line) === here);
  const next = at === -1 ? all[0] : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** The keys that work on every page. Letters are left alone where they are text. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let chordUntil = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const { places, go, open, help } = current.current;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target)) return;
      const inChord = event.timeStamp < chordUntil;
      chordUntil = 0;
      const key = event.key.toLowerCase();
      const place = inChord ? places.find((one) => one.key === key) : undefined;
      const acts: Readonly<Record<string, () => unknown>> = {
        g: () => {
          chordUntil = event.timeStamp + chordMs;
        },
        j: () => step(1),
        k: () => step(-1),
        "/": open,
        "?": help,
      };
      const act = place ? () => go(place.href) : acts[key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
