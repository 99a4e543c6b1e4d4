import { Webhook, WebhookVerificationError } from "standardwebhooks";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readAppRow } from "./get-app.ts";
import { notificationSecrets } from "./notification-secret.ts";

/**
 * Checks that a message comes from the app: a Standard Webhooks signature over the raw body with the app's
 * notification secret (or with the one before it, for a day after it was replaced), no older than five minutes.
 *
 * @param input.headers names in lower case
 * @returns the app, and the parsed body, which is still to be checked
 * @throws RedressError `app_not_found`, `signature_invalid`
 */
export async function verifyAppMessage(
  dependencies: Dependencies,
  input: { slug: string; headers: Readonly<Record<string, string | undefined>>; rawBody: string },
): Promise<{ appId: string; body: unknown }> {
  const app = await readAppRow(dependencies.database, input.slug);
  const headers = Object.fromEntries(
    ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, input.headers[name] ?? ""]),
  );
  let refusal: unknown;
  for (const sealed of notificationSecrets(app, dependencies.clock.now())) {
    try {
      const body = new Webhook(dependencies.secrets.open(sealed)).verify(input.rawBody, headers);
      return { appId: app.id, body };
    } catch (error) {
      if (!(error instanceof WebhookVerificationError || error instanceof SyntaxError)) throw error;
      refusal ??= error;
    }
  }
  throw signatureInvalid(refusal);
}

function signatureInvalid(cause?: unknown): RedressError {
  return new RedressError(
    "signature_invalid",
    "The signature does not fit. Sign the exact body with this app's notification secret, and send it within five minutes.",
    { cause },
  );
}
