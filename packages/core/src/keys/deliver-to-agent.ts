import { apiKeys } from "@redress/database";
import { and, eq, gt, isNull } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { delayAfter, parseRetryAfter } from "../notifications/back-off.ts";
import { signMessage } from "../notifications/sign-message.ts";
import { OutboundError } from "../outbound/errors.ts";
import type { MessageData } from "../outbox/messages.ts";

type Word = MessageData<"agent/told.due">;

/**
 * One attempt to tell an agent's program what became of its refund, signed as Standard Webhooks asks. The message
 * says little: who reads it asks `getRefund`, which is the truth, so that order and repetition cannot mislead.
 *
 * @returns milliseconds until the next attempt; null when there is to be none: it was taken, it was tried for three
 *   days, or the key has ended or no longer wants to be told
 */
export async function deliverToAgent(
  dependencies: Pick<Dependencies, "database" | "clock" | "random" | "secrets" | "outbound" | "settings">,
  word: Word,
): Promise<number | null> {
  const { database, clock } = dependencies;
  const [key] = await database
    .select({ url: apiKeys.webhookUrl, sealed: apiKeys.webhookSecretCiphertext })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, word.keyId), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, clock.now())));
  if (!key?.url || !key.sealed) return null;
  const { outcome, taken, retryAfterMs } = await post(dependencies, word, {
    url: key.url,
    sealed: key.sealed,
  });
  await database
    .update(apiKeys)
    .set({ webhookLastOutcome: outcome, webhookLastAt: clock.now() })
    .where(and(eq(apiKeys.id, word.keyId), eq(apiKeys.webhookUrl, key.url)));
  return taken ? null : delayAfter(dependencies.random, word.attempt, retryAfterMs);
}

async function post(
  dependencies: Pick<Dependencies, "clock" | "secrets" | "outbound" | "settings">,
  word: Word,
  { url, sealed }: { url: string; sealed: string },
): Promise<{ outcome: string; taken: boolean; retryAfterMs: number | null }> {
  const message = signMessage(dependencies, {
    id: word.webhookId,
    payload: payloadOf(dependencies, word),
    secretCiphertexts: [sealed],
  });
  try {
    const answer = await dependencies.outbound.post({
      url,
      ...message,
      timeoutMs: 15_000,
      maximumBytes: 4_096,
    });
    const taken = answer.status >= 200 && answer.status <= 299;
    const retryAfterMs = parseRetryAfter(answer.headers["retry-after"], dependencies.clock.now());
    return { outcome: String(answer.status), taken, retryAfterMs };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { outcome: error.code, taken: false, retryAfterMs: null };
  }
}

function payloadOf(
  { settings }: Pick<Dependencies, "settings">,
  { refundId, status, changedAt }: Word,
): Record<string, unknown> {
  const statusUrl = `${settings.publicUrl}/api/v1/refunds/${refundId}`;
  return { type: "refund.updated", timestamp: changedAt, data: { refundId, status, statusUrl } };
}
