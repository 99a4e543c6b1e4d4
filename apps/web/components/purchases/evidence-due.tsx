import { leftInWords } from "@redress/core/due-in-words";
import { getRuntime } from "../../src/runtime.ts";
import { ZonedTime } from "../when.tsx";

const dayMs = 86_400_000;

/**
 * By when Stripe takes evidence on a dispute, and how long that is.
 *
 * @param brief only how long; the day is in its title
 */
export function EvidenceDue({ at, brief = false }: { at: Date; brief?: boolean }) {
  const now = getRuntime().dependencies.clock.now();
  const isUrgent = at.getTime() - now.getTime() < 2 * dayMs;
  const left = leftInWords(at, now);
  if (brief) {
    return (
      <time
        dateTime={at.toISOString()}
        title={at.toUTCString()}
        className={isUrgent ? "font-medium text-bad" : ""}
      >
        {left}
      </time>
    );
  }
  return (
    <span className={isUrgent ? "font-medium text-bad" : "text-ink-soft"}>
      Evidence due by <ZonedTime at={at} className="numeric" />: {left}
    </span>
  );
}
