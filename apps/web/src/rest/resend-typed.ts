import type { Actor } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { countResendable, resendWindow } from "@redress/core/notifications/resend-window";
import type { z } from "zod";
import type { ResendOutcome } from "../../components/deliveries/resend-outcome.ts";
import { type resendForm, windowOf } from "./deliveries-input.ts";

/** One click sends a thousand at most, so that nobody waits for an answer until a browser gives up. */
const mostBatches = 10;

/**
 * Counts the messages of a window that somebody typed, and once that was seen sends them again.
 *
 * @param by.appIds whose messages; what was typed narrows it and never widens it
 */
export async function resendTyped(
  dependencies: Dependencies,
  input: z.output<typeof resendForm>,
  by: { appIds: readonly string[] | "all"; actor: Actor; correlationId: string },
): Promise<ResendOutcome> {
  const { step, ...typed } = input;
  const { appIds, ...acting } = by;
  if (step === "change") return { step, window: typed };
  // What is counted is what is sent: nothing that comes to be in between.
  const until = typed.until === "" ? dependencies.clock.now().toISOString() : typed.until;
  const window = { ...windowOf({ ...typed, until }), appIds };
  const { resendable } = await countResendable(dependencies, { window });
  const shown = { ...typed, until };
  if (step === "count") return { step: "counted", window: shown, resendable };
  let resent = 0;
  for (let batch = 0; batch < mostBatches && resent < resendable; batch += 1) {
    const sent = await resendWindow(dependencies, { window, ...acting });
    resent += sent.resent;
    if (sent.done) break;
  }
  return { step: "sent", window: shown, resent, left: Math.max(0, resendable - resent) };
}
