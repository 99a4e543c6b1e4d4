"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Breakable } from "./breakable.tsx";

/** An id or secret in full, with a button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1 align-middle">
      <code className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">
        {text.includes("@") ? <Breakable text={text} /> : text}
      </code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** Copies a text that stands beside it. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <>
      <button
        type="button"
        onClick={copy}
        aria-label={copied ? `Copied ${label}` : `Copy ${label}`}
        className="grid size-6 shrink-0 place-items-center rounded text-ink-faint hover:bg-sunken hover:text-ink"
      >
        {copied ? (
          <Check aria-hidden className="size-3.5 text-good" />
        ) : (
          <Copy aria-hidden className="size-3.5" />
        )}
      </button>
      <span aria-live="polite" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
