"use client";

import { useEffect, useRef } from "react";
import { Kbd } from "../palette/shortcut-help.tsx";
import { isTyping, lines } from "../palette/use-shortcuts.ts";

/**
 * The queue by keyboard. A letter never decides: A leads to the button that names amount and recipient, and Enter
 * presses it; R leads to the note, which a rejection needs. After a decision the next request has the focus.
 */
export function TriageKeys({ decided }: { decided: string | undefined }) {
  // Where the reader is in the queue, and whether they read with the requests open.
  const place = useRef({ index: 0, open: false, keyed: false });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.altKey || event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return rejectFrom(event);
      if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      const request = currentRequest() ?? (key === "a" || key === "r" ? firstRequest() : null);
      if (request === null) return;
      const wanted = { a: "approve", r: "note" }[key];
      if (wanted === undefined) return;
      event.preventDefault();
      request.open = true;
      target(request, wanted)?.focus();
    };
    const onFocusIn = () => {
      const request = currentRequest();
      if (request === null) return;
      const index = lines().findIndex((line) => line.parentElement === request);
      place.current = { index, open: request.open, keyed: true };
    };
    addEventListener("keydown", onKeyDown);
    addEventListener("focusin", onFocusIn);
    return () => {
      removeEventListener("keydown", onKeyDown);
      removeEventListener("focusin", onFocusIn);
    };
  }, []);

  useEffect(() => {
    const { index, open, keyed } = place.current;
    // A live update can take the decided request away before its answer comes: whoever went on is not called back.
    if (decided === undefined || !keyed || currentRequest() !== null) return;
    const all = lines();
    const next = all[Math.min(index, all.length - 1)];
    if (next?.parentElement instanceof HTMLDetailsElement) next.parentElement.open = open;
    next?.focus();
  }, [decided]);

  return (
    <p className="mb-2 hidden flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-faint md:flex">
      <Key keys={["J", "K"]} what="next, before" />
      <Key keys={["Space"]} what="open" />
      <Key keys={["A", "Enter"]} what="approve" />
      <Key keys={["R"]} what="reject with a note" />
    </p>
  );
}

function Key({ keys, what }: { keys: readonly string[]; what: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}{" "}
      {what}
    </span>
  );
}

function currentRequest(): HTMLDetailsElement | null {
  return document.activeElement?.closest<HTMLDetailsElement>("details[data-refund]") ?? null;
}

function firstRequest(): HTMLDetailsElement | null {
  return document.querySelector<HTMLDetailsElement>("details[data-refund]");
}

function target(request: HTMLDetailsElement, wanted: string): HTMLElement | null {
  return wanted === "note"
    ? request.querySelector<HTMLElement>("textarea[name=note]")
    : request.querySelector<HTMLElement>("button[name=decision][value=approve]");
}

/** Ctrl or ⌘ with Enter in a note sends the rejection that it explains. */
function rejectFrom(event: KeyboardEvent): void {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || field.name !== "note") return;
  const reject = field.form?.querySelector<HTMLButtonElement>("button[name=decision][value=reject]");
  if (!reject) return;
  event.preventDefault();
  field.form?.requestSubmit(reject);
}
