import { createHash, createHmac } from "node:crypto";
import canonicalize from "canonicalize";

const withoutPrefix = (key: string) => key.replace(/^signkey-\w+-/, "");

/** How Inngest signs a body (SDK 4.24.0, `helpers/net.js`): HMAC over its canonical JSON and the seconds. */
export function signInngest(body: string, { key, at = Date.now() }: { key: string; at?: number }): string {
  const seconds = String(Math.round(at / 1_000));
  const canonical = body === "" ? "" : canonicalize(JSON.parse(body));
  const hex = createHmac("sha256", withoutPrefix(key)).update(`${canonical}${seconds}`).digest("hex");
  return `t=${seconds}&s=${hex}`;
}

/** An answer of the SDK is signed over its text as it is. */
export function isSignedAnswer(text: string, header: string | null, key: string): boolean {
  const parts = new URLSearchParams(header ?? "");
  const hmac = createHmac("sha256", withoutPrefix(key)).update(`${text}${parts.get("t")}`);
  return hmac.digest("hex") === parts.get("s");
}

/** What the SDK presents to Inngest's API instead of the key (SDK 4.24.0, `helpers/strings.js`). */
export function hashSigningKey(key: string): string {
  const prefix = /^signkey-\w+-/.exec(key)?.[0] ?? "";
  return `${prefix}${createHash("sha256")
    .update(Buffer.from(withoutPrefix(key), "hex"))
    .digest("hex")}`;
}
