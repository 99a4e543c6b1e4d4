import type { Dependencies } from "../dependencies.ts";
import { keepFingerprintKeys } from "./fingerprint-keys.ts";
import { replaceSealed, type SealedPlace, sealedPlaces, sealedTexts } from "./sealed-places.ts";

type ResealDependencies = Pick<Dependencies, "database" | "clock" | "secrets" | "signInSeals">;

export interface Resealed {
  readonly resealed: number;
  /** Which no secret opened: they stay as they are. */
  readonly unreadable: number;
}

/**
 * Seals with the present secret all that an older one sealed, so that the older ones can be taken away. Each text is
 * replaced by itself, and only if it still is what was read: it may be interrupted, run again, and run beside servers
 * that have both secrets.
 *
 * @param options.tell hears of each text that was sealed anew
 * @param options.stopping aborted when the person wants to stop
 */
export async function reseal(
  dependencies: ResealDependencies,
  options: { tell?: () => void; stopping?: AbortSignal } = {},
): Promise<Resealed> {
  // First: should it be interrupted after the rest, nobody would know that these are missing.
  await keepFingerprintKeys(dependencies);
  let resealed = 0;
  let unreadable = 0;
  for (const place of sealedPlaces) {
    for await (const { id, sealed } of sealedTexts(dependencies.database, place)) {
      if (options.stopping?.aborted) return { resealed, unreadable };
      if (isPresent(dependencies, place, sealed)) continue;
      const anew = await sealAnew(dependencies, place, sealed);
      if (anew === null) unreadable += 1;
      else if (await replaceSealed(dependencies.database, place, { id, from: sealed, to: anew })) {
        resealed += 1;
        options.tell?.();
      }
    }
  }
  return { resealed, unreadable };
}

/**
 * Second factors that name no secret were sealed before they did: they are given their name as soon as there is more
 * than one secret, since better-auth tries one only.
 */
export async function nameSecondFactors(
  dependencies: Pick<Dependencies, "database" | "signInSeals">,
): Promise<void> {
  const { signInSeals } = dependencies;
  if (signInSeals === undefined || signInSeals.versions.length < 2) return;
  for (const place of sealedPlaces.filter(({ by }) => by === "sign_in")) {
    for await (const { id, sealed } of sealedTexts(dependencies.database, place)) {
      const anew = sealed.startsWith("$") ? null : await signInSeals.sealAnew(sealed);
      if (anew !== null) await replaceSealed(dependencies.database, place, { id, from: sealed, to: anew });
    }
  }
}

function isPresent({ secrets, signInSeals }: ResealDependencies, { by }: SealedPlace, sealed: string) {
  return by === "box"
    ? sealed.split(".")[1] === secrets.keyIds[0]
    : sealed.split("$")[2] === String(signInSeals?.versions[0]);
}

async function sealAnew(
  { secrets, signInSeals }: ResealDependencies,
  { by }: SealedPlace,
  sealed: string,
): Promise<string | null> {
  if (by === "sign_in") return (await signInSeals?.sealAnew(sealed)) ?? null;
  try {
    return secrets.seal(secrets.open(sealed));
  } catch {
    return null;
  }
}
