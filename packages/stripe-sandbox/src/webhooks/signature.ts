import { createHmac } from "node:crypto";

/**
 * The `Stripe-Signature` header: HMAC-SHA256 over `<t>.<body>` with the whole `whsec_…` text as key, and
 * a `v0` that means nothing, as test mode sends. Source: contract section 5.1.
 * @param timestamp Unix seconds
 */
export function signatureHeader(body: string, secret: string, timestamp: number): string {
  const sign = (key: string): string =>
    createHmac("sha256", key).update(`${timestamp}.${body}`).digest("hex");
  return `t=${timestamp},v1=${sign(secret)},v0=${sign(`${secret}/v0`)}`;
}
