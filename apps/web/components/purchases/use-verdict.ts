import { useEffect, useState } from "react";
import * as z from "zod/mini";
import { type Foreseen, foreseenSchema } from "./verdict-sentence.ts";

const typingPauseMs = 200;
const answerSchema = z.object({ policy: foreseenSchema });
const errorSchema = z.object({ error: z.object({ message: z.string() }) });

export type LiveVerdict =
  | { readonly state: "none" | "asking" }
  | { readonly state: "judged"; readonly foreseen: Foreseen }
  /** Asking for it would be turned away, for this reason. */
  | { readonly state: "refused"; readonly message: string };

/**
 * What the policy says of this refund now, asked while the form is filled in. It holds nothing: the request is judged
 * anew when it is made. Silent where the desk does not answer, because the review asks once more.
 *
 * @param units minor units; null while no amount can be read
 */
export function useVerdict(purchaseId: string, units: number | null, currency: string, reason: string) {
  const asked = units === null ? null : `${units} ${reason}`;
  const [answer, setAnswer] = useState<{ for: string | null; verdict: LiveVerdict }>({
    for: null,
    verdict: { state: "none" },
  });
  useEffect(() => {
    if (units === null) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const verdict = await ask(purchaseId, { amount: String(units), currency, reason }, abort.signal);
      if (!abort.signal.aborted) setAnswer({ for: `${units} ${reason}`, verdict });
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [purchaseId, units, currency, reason]);
  if (asked === null) return { state: "none" } as const;
  return answer.for === asked ? answer.verdict : ({ state: "asking" } as const);
}

async function ask(
  purchaseId: string,
  question: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<LiveVerdict> {
  try {
    const path = `/api/v1/purchases/${purchaseId}/refund-policy?${new URLSearchParams(question)}`;
    const answer = await fetch(path, { signal, headers: { Accept: "application/json" } });
    const body: unknown = await answer.json();
    if (answer.ok) return { state: "judged", foreseen: answerSchema.parse(body).policy };
    return answer.status < 500
      ? { state: "refused", message: errorSchema.parse(body).error.message }
      : { state: "none" };
  } catch {
    return { state: "none" };
  }
}
