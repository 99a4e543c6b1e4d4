import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { FingerprintKey, SecretBox } from "./dependencies.ts";

const version = "v1";
const ivBytes = 12;
const tagBytes = 16;

interface BoxKey {
  readonly key: Buffer;
  readonly fingerprintKey: Buffer;
  /** Tells which key sealed a text; derived apart from the key, so that it gives nothing away. */
  readonly id: string;
}

/**
 * Encrypts secrets at rest with AES-256-GCM under a key derived from `key` by HKDF-SHA-256. A sealed text
 * reads `v1.<key id>.<base64url of IV, ciphertext and tag>`. Fingerprints are made under another derived key.
 *
 * @param key at least 32 characters (`REDRESS_SECRET`); seals and opens
 * @param olderKeys open only, so that a key can be replaced
 */
export function createSecretBox(key: string, olderKeys: readonly string[] = []): SecretBox {
  const current = deriveKey(key);
  const older = olderKeys.map(deriveKey);
  const keys = [current, ...older];
  return {
    seal: (clearText) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", current.key, iv);
      const sealed = [iv, cipher.update(clearText, "utf8"), cipher.final(), cipher.getAuthTag()];
      return `${version}.${current.id}.${Buffer.concat(sealed).toString("base64url")}`;
    },
    open: (sealed) => {
      const [textVersion, keyId, body, ...rest] = sealed.split(".");
      const used = keys.find(({ id }) => id === keyId);
      if (textVersion !== version || body === undefined || rest.length > 0 || used === undefined) {
        throw new Error(
          "This text was sealed with neither REDRESS_SECRET nor any of REDRESS_SECRET_PREVIOUS. Give the secret that it was sealed with as REDRESS_SECRET_PREVIOUS.",
        );
      }
      return decrypt(Buffer.from(body, "base64url"), used.key);
    },
    keyIds: [current.id, ...older.map(({ id }) => id)],
    olderFingerprintKeys: older.map(({ id, fingerprintKey }) => ({
      id,
      key: fingerprintKey.toString("base64url"),
    })),
    fingerprints: (clearText) => [
      fingerprint(current.fingerprintKey, clearText),
      ...older.map((key) => fingerprint(key.fingerprintKey, clearText)),
    ],
  };
}

/** The same box, which also finds fingerprints of keys that it does not have any more. */
export function withFingerprintKeys(box: SecretBox, kept: readonly FingerprintKey[]): SecretBox {
  const keys = kept
    .filter(({ id }) => !box.keyIds.includes(id))
    .map(({ key }) => Buffer.from(key, "base64url"));
  return {
    ...box,
    fingerprints: (clearText) => [
      ...box.fingerprints(clearText),
      ...keys.map((key) => fingerprint(key, clearText)),
    ],
  };
}

function fingerprint(fingerprintKey: Buffer, clearText: string): string {
  return createHmac("sha256", fingerprintKey).update(clearText).digest("hex");
}

function decrypt(bytes: Buffer, key: Buffer): string {
  if (bytes.length < ivBytes + tagBytes) throw new Error("This sealed text was cut short.");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivBytes));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const clear = decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes));
  return Buffer.concat([clear, decipher.final()]).toString("utf8");
}

function deriveKey(secret: string): BoxKey {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, "redress", `secret-box ${version} ${purpose}`, bytes));
  return {
    key: derive("key", 32),
    fingerprintKey: derive("fingerprint", 32),
    id: derive("id", 6).toString("base64url"),
  };
}
