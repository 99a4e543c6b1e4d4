import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Settings } from "../dependencies.ts";

/** Stripe: verify signatures, default tolerance. Both ways: a clock may be ahead, and no message is of the future. */
const toleranceSeconds = 300;
/** Stripe signs with each secret in force, and never has more than a few. */
const mostSignatures = 16;

export type SignatureCheck =
  | { readonly endpoint: "platform" | "connect" }
  | { readonly endpoint: null; readonly why: "missing" | "malformed" | "of_no_secret" | "old" | "future" };

type Refused = Extract<SignatureCheck, { endpoint: null }>;
interface SignatureHeader {
  readonly time: string;
  readonly signatures: readonly Buffer[];
  readonly why?: never;
}
type Secrets = readonly { readonly key: KeyObject; readonly endpoint: "platform" | "connect" }[];

/** What the header alone says: `null` when it may be a signature of this hour. */
export function judgeSignatureHeader(header: string | undefined, now: Date): Refused | null {
  const read = readHeader(header, now);
  return read.why ? read : null;
}

/**
 * Which endpoint's secret signed a body (Stripe: webhook signatures, scheme v1: the HMAC-SHA256 of the time,
 * a dot and the raw body). It is our own and not the SDK's, which turns the body into text and back for each
 * secret; the comparison takes constant time as there.
 *
 * @param given.header `Stripe-Signature`
 */
export function checkSignature(
  settings: Settings,
  given: { body: Buffer; header: string | undefined; now: Date },
): SignatureCheck {
  const read = readHeader(given.header, given.now);
  if (read.why) return read;
  for (const { key, endpoint } of secretsOf(settings.stripe)) {
    const expected = createHmac("sha256", key).update(`${read.time}.`).update(given.body).digest();
    if (read.signatures.some((signature) => timingSafeEqual(signature, expected))) return { endpoint };
  }
  return { endpoint: null, why: "of_no_secret" };
}

function readHeader(header: string | undefined, now: Date): SignatureHeader | Refused {
  if (!header) return { endpoint: null, why: "missing" };
  const { time, signatures } = splitHeader(header);
  if (time === null || signatures.length === 0) return { endpoint: null, why: "malformed" };
  const age = Math.floor(now.getTime() / 1000) - Number(time);
  if (age > toleranceSeconds) return { endpoint: null, why: "old" };
  if (age < -toleranceSeconds) return { endpoint: null, why: "future" };
  return { time, signatures };
}

function splitHeader(header: string): { time: string | null; signatures: Buffer[] } {
  let time: string | null = null;
  const signatures: Buffer[] = [];
  for (const item of header.split(",")) {
    const [scheme, value = ""] = item.split("=", 2);
    if (scheme === "t" && /^\d{1,12}$/.test(value)) time = value;
    if (scheme === "v1" && /^[0-9a-f]{64}$/.test(value) && signatures.length < mostSignatures) {
      signatures.push(Buffer.from(value, "hex"));
    }
  }
  return { time, signatures };
}

const known = new WeakMap<Settings["stripe"], Secrets>();

/** Both endpoints may have several secrets, so that one can be rolled, and share one: Stripe's CLI has a single one. */
function secretsOf(stripe: Settings["stripe"]): Secrets {
  let secrets = known.get(stripe);
  if (!secrets) {
    const endpoints = new Map<string, "platform" | "connect">();
    for (const secret of stripe.connectWebhookSecrets) endpoints.set(secret, "connect");
    for (const secret of stripe.platformWebhookSecrets) endpoints.set(secret, "platform");
    secrets = [...endpoints].map(([secret, endpoint]) => ({
      key: createSecretKey(Buffer.from(secret)),
      endpoint,
    }));
    known.set(stripe, secrets);
  }
  return secrets;
}
