import type { apps } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";

/**
 * A new secret that signs what Redress and one app tell each other, in the form of Standard Webhooks:
 * `whsec_` and base64 of 32 bytes. It is shown once; only `ciphertext` is kept.
 */
export function newNotificationSecret(dependencies: Pick<Dependencies, "random" | "secrets">): {
  secret: string;
  ciphertext: string;
} {
  const secret = `whsec_${Buffer.from(dependencies.random.bytes(32)).toString("base64")}`;
  return { secret, ciphertext: dependencies.secrets.seal(secret) };
}

/**
 * The secrets that are good now, sealed, the newest first: none for an app that has no secret, and two for a day
 * after one was replaced.
 */
export function notificationSecrets(app: typeof apps.$inferSelect, now: Date): string[] {
  const until = app.previousNotificationSecretUntil;
  const previous = until !== null && until > now ? app.previousNotificationSecretCiphertext : null;
  return [app.notificationSecretCiphertext, previous].filter((secret) => secret !== null);
}
