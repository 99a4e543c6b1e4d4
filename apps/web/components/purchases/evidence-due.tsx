import { leftInWords } from "@redress/core/due-in-words";
import { getRuntime } from "../../src/runtime.ts";
import { ExactTime } from "../when.tsx";

const dayMs = 86_400_000;

/** By when Stripe takes evidence on a dispute, and how long that is. */
export function EvidenceDue({ at }: { at: Date }) {
  const now = getRuntime().dependencies.clock.now();
  const isUrgent = at.getTime() - now.getTime() < 2 * dayMs;
  return (
    <span className={isUrgent ? "font-medium text-bad" : "text-ink-soft"}>
      Evidence due by <ExactTime at={at} className="numeric" /> UTC: {leftInWords(at, now)}
    </span>
  );
}
