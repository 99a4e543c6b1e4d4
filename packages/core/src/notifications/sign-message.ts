import { Webhook } from "standardwebhooks";
import type { Dependencies } from "../dependencies.ts";

/**
 * The headers and body of one attempt, as Standard Webhooks asks: the same id at each attempt, a fresh timestamp, and
 * one signature for each secret that is good at the moment.
 *
 * @throws when the newest secret cannot be opened; an older one that cannot signs nothing any more
 */
export function signMessage(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  message: { id: string; payload: Record<string, unknown>; secretCiphertexts: readonly string[] },
): { headers: Record<string, string>; body: string } {
  const now = clock.now();
  const body = JSON.stringify(message.payload);
  const signatures = openSecrets(secrets, message.secretCiphertexts).map((secret) =>
    new Webhook(secret).sign(message.id, now, body),
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

/** After a change of `REDRESS_SECRET` the app's new secret must work at once, although the one before cannot be read. */
function openSecrets(box: Dependencies["secrets"], sealed: readonly string[]): string[] {
  return sealed.flatMap((ciphertext, index) => {
    try {
      return [box.open(ciphertext)];
    } catch (error) {
      if (index === 0) throw error;
      return [];
    }
  });
}
