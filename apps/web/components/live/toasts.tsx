"use client";

import { CircleAlert, CircleCheck, CircleDot, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { OwnOutcome } from "../../src/live/own-outcome.ts";
import Link from "../link.tsx";
import { toneClasses } from "../refunds/tone-classes.ts";

const shownMs = 12_000;
const icons = {
  good: CircleCheck,
  moving: CircleDot,
  quiet: CircleDot,
  waiting: CircleAlert,
  bad: CircleAlert,
} as const;

/** What became of the reader's refunds: facts, with the way to them. What is bad stays until it is closed. */
export function Toasts({
  outcomes,
  close,
}: {
  outcomes: readonly OwnOutcome[];
  close: (refundId: string) => void;
}) {
  return (
    <ol aria-live="polite" aria-label="What became of your refunds" className="grid w-full gap-2">
      {outcomes.map((outcome) => (
        <Toast key={`${outcome.refundId} ${outcome.label}`} outcome={outcome} close={close} />
      ))}
    </ol>
  );
}

function Toast({ outcome, close }: { outcome: OwnOutcome; close: (refundId: string) => void }) {
  const { refundId, label, tone, what } = outcome;
  const Icon = icons[tone];
  const held = useRef(false);
  useEffect(() => {
    if (tone === "bad" || tone === "waiting") return;
    const timer = setInterval(() => held.current || close(refundId), shownMs);
    return () => clearInterval(timer);
  }, [tone, refundId, close]);
  const hold = (on: boolean) => () => {
    held.current = on;
  };
  return (
    <li
      onPointerEnter={hold(true)}
      onPointerLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
      className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line-strong bg-surface py-2.5 pr-1.5 pl-3 shadow-lg"
    >
      <span className={`mt-0.5 grid size-5 shrink-0 place-items-center rounded-full ${toneClasses[tone]}`}>
        <Icon aria-hidden className="size-3.5" />
      </span>
      <Link href={`/refunds/${refundId}`} className="min-w-0 flex-1 text-sm hover:underline">
        <strong className="font-medium">{label}</strong>
        <span className="block text-ink-soft [overflow-wrap:anywhere]">{what}</span>
      </Link>
      <button
        type="button"
        onClick={() => close(refundId)}
        aria-label={`Close: ${label}, ${what}`}
        className="grid size-7 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  );
}
