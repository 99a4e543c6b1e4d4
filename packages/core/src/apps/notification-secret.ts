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
