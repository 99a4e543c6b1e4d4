const prefix = "whsec_";
const encoder = new TextEncoder();

/** The secret has not the form `whsec_` and base64 of 24 to 64 bytes. */
export class SecretError extends Error {
  override readonly name = "SecretError";
}

/**
 * Signs as Standard Webhooks asks: HMAC-SHA256 over id, timestamp and body.
 *
 * @param message.timestamp in whole seconds since 1970
 * @returns e.g. `v1,K5oZfzN95Z…`
 * @throws SecretError
 */
export async function sign(secret: string, message: SignedMessage): Promise<string> {
  const key = await readKey(secret, "sign");
  const signature = await crypto.subtle.sign("HMAC", key, contentOf(message));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
}

export interface SignedMessage {
  readonly id: string;
  readonly timestamp: number;
  /** Exactly as it is sent. */
  readonly body: string;
}

/**
 * Whether one of the signatures was made with one of the secrets. Web Crypto compares them in constant time.
 *
 * @param signatures the header: one or more, separated by spaces
 * @throws SecretError
 */
export async function isSigned(
  message: SignedMessage,
  signatures: string,
  secrets: readonly string[],
): Promise<boolean> {
  const given = signatures.split(" ").slice(0, mostSignatures).flatMap(readSignature);
  const content = contentOf(message);
  for (const secret of secrets) {
    const key = await readKey(secret, "verify");
    for (const signature of given) {
      if (await crypto.subtle.verify("HMAC", key, signature, content)) return true;
    }
  }
  return false;
}

/** Nobody needs more than two; each costs a comparison. */
const mostSignatures = 10;

function readSignature(text: string): Uint8Array<ArrayBuffer>[] {
  const [version, signature] = text.split(",");
  if (version !== "v1" || signature === undefined) return [];
  const bytes = fromBase64(signature);
  return bytes?.length === 32 ? [bytes] : [];
}

function contentOf({ id, timestamp, body }: SignedMessage): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${id}.${timestamp}.${body}`);
}

async function readKey(secret: string, use: "sign" | "verify"): Promise<CryptoKey> {
  const bytes = fromBase64(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret);
  if (bytes === null || bytes.length < 24 || bytes.length > 64) {
    throw new SecretError("The secret is not one of Redress's. Copy all of it: whsec_ and what follows.");
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
