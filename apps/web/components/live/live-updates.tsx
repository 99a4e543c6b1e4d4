"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { type OwnOutcome, ownOutcomeSchema } from "../../src/live/own-outcome.ts";
import { Toasts } from "./toasts.tsx";

/** Two readings of the page are so far apart, however much happens. */
const gapMs = 1500;
/** What the browser does not try again by itself (the desk was just starting) is tried again after this. */
const againMs = 10_000;
/** An interruption that is shorter is nothing to speak of. */
const patienceMs = 5000;
const mostToasts = 4;

/**
 * Keeps the page as the desk is: reads it again when something changed, and says what became of the reader's own
 * refunds. Connected only while somebody looks, because a browser has six connections for all its tabs.
 */
export function LiveUpdates() {
  const refresh = usePacedRefresh();
  const [outcomes, setOutcomes] = useState<readonly OwnOutcome[]>([]);
  const onOutcome = useCallback((outcome: OwnOutcome) => {
    // Their page says it already, and better.
    if (location.pathname === `/refunds/${outcome.refundId}`) return;
    setOutcomes((shown) => [
      ...shown.filter(({ refundId }) => refundId !== outcome.refundId).slice(1 - mostToasts),
      outcome,
    ]);
  }, []);
  const close = useCallback(
    (refundId: string) => setOutcomes((shown) => shown.filter((one) => one.refundId !== refundId)),
    [],
  );
  const interrupted = useStream({ refresh, onOutcome });
  return (
    <div className="pointer-events-none fixed inset-x-3 bottom-3 z-20 flex flex-col items-end gap-2 sm:left-auto sm:w-96">
      <Toasts outcomes={outcomes} close={close} />
      <p role="status">
        {interrupted && (
          <span className="inline-block rounded-md border border-line-strong bg-surface px-3 py-2 text-sm text-ink-soft shadow-(--shadow)">
            The desk does not answer; what you see may be old. It is looked for again.
          </span>
        )}
      </p>
    </div>
  );
}

/** Reads the page again: at once, but never twice within the gap. */
function usePacedRefresh(): () => void {
  const router = useRouter();
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(waiting.current ?? undefined), []);
  return useCallback(() => {
    if (waiting.current !== null) return;
    const rest = Math.max(0, last.current + gapMs - Date.now());
    waiting.current = setTimeout(() => {
      waiting.current = null;
      last.current = Date.now();
      router.refresh();
    }, rest);
  }, [router]);
}

/** Listens while the page is looked at; answers whether the desk has been silent for a while. */
function useStream({
  refresh,
  onOutcome,
}: {
  refresh: () => void;
  onOutcome: (outcome: OwnOutcome) => void;
}): boolean {
  const [interrupted, setInterrupted] = useState(false);
  useEffect(() => {
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      clearTimeout(again);
      clearTimeout(patience);
      source?.close();
      source = null;
    };
    const listen = () => {
      leave();
      source = new EventSource("/api/live");
      source.addEventListener("open", () => {
        clearTimeout(patience);
        patience = undefined;
        setInterrupted(false);
        // Whatever happened before the stream was there.
        refresh();
      });
      source.addEventListener("change", refresh);
      source.addEventListener("outcome", ({ data }) => {
        const outcome = ownOutcomeSchema.safeParse(JSON.parse(data));
        if (outcome.success) onOutcome(outcome.data);
      });
      source.addEventListener("error", () => {
        patience ??= setTimeout(() => setInterrupted(true), patienceMs);
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(listen, againMs);
      });
    };
    const follow = () => (document.visibilityState === "visible" ? listen() : leave());
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      leave();
    };
  }, [refresh, onOutcome]);
  return interrupted;
}
