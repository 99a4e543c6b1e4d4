import { apiKeys } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { spendCall } from "../spend-call.ts";

/**
 * Counts one call of a key against its rate, together with all other servers.
 *
 * @throws RedressError `rate_limited` with `details.retryAfterSeconds`
 */
export async function takeCall(
  dependencies: Pick<Dependencies, "database" | "clock">,
  { id, ratePerMinute }: { id: string; ratePerMinute: number },
): Promise<void> {
  const sentence = `This key may make ${ratePerMinute} calls a minute. Wait, then go on more slowly.`;
  await spendCall(dependencies, apiKeys, { id, ratePerMinute, sentence });
}
