import { Webhook } from "standardwebhooks";
import type { Dependencies } from "../dependencies.ts";

/**
 * The headers and body of one attempt, as Standard Webhooks asks: the same id at each attempt, a fresh timestamp, and
 * one signature for each secret that is good at the moment.
 *
 * @throws when a secret cannot be opened
 */
export function signMessage(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  message: { id: string; payload: Record<string, unknown>; secretCiphertexts: readonly string[] },
): { headers: Record<string, string>; body: string } {
  const now = clock.now();
  const body = JSON.stringify(message.payload);
  const signatures = message.secretCiphertexts.map((sealed) =>
    new Webhook(secrets.open(sealed)).sign(message.id, now, body),
  );
  const headers = {
    "content-type": "application/json",
    "user-agent": "Redress",
    "webhook-id": message.id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
  return { headers, body };
}
