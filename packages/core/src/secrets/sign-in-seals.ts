import { hkdfSync } from "node:crypto";
import { parseEnvelope, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import type { SignInSeals } from "../dependencies.ts";

interface Secrets {
  readonly secret: string;
  readonly previousSecrets: readonly string[];
}

/**
 * better-auth's options for the desk's secrets, the present one first. What it seals names the version; what it sealed
 * before this desk gave it versions names none, and is the present secret's until `sealAnew` has seen it.
 */
export function authSecrets({ secret, previousSecrets }: Secrets) {
  const secrets = [secret, ...previousSecrets].map((value) => ({ version: versionOf(value), value }));
  return { secret, secrets };
}

/** Seals second factors anew, in better-auth's own form. */
export function createSignInSeals(given: Secrets): SignInSeals {
  const { secrets } = authSecrets(given);
  const keys = new Map(secrets.map(({ version, value }) => [version, value]));
  const currentVersion = versionOf(given.secret);
  return {
    versions: secrets.map(({ version }) => version),
    async sealAnew(sealed) {
      const clear = await openAny(sealed, keys);
      if (clear === null) return null;
      return symmetricEncrypt({ key: { keys, currentVersion }, data: clear });
    },
  };
}

/** The same for the same secret, on every machine and for ever; it tells nothing of the secret. */
function versionOf(secret: string): number {
  return Buffer.from(hkdfSync("sha256", secret, "redress", "sign-in v1 id", 4)).readUInt32BE() >>> 1;
}

async function openAny(sealed: string, keys: ReadonlyMap<number, string>): Promise<string | null> {
  const envelope = parseEnvelope(sealed);
  const named = envelope === null ? undefined : keys.get(envelope.version);
  const candidates = envelope === null ? [...keys.values()] : named === undefined ? [] : [named];
  for (const key of candidates) {
    try {
      // A wrong key is told from the right one by the tag.
      return await symmetricDecrypt({ key, data: envelope?.ciphertext ?? sealed });
    } catch {}
  }
  return null;
}
