import { raiseAlert } from "../alerts.ts";
import type { Dependencies, SecretBox } from "../dependencies.ts";
import { countSeals, sumSeals } from "./count-seals.ts";
import { recallFingerprintKeys } from "./fingerprint-keys.ts";
import { nameSecondFactors } from "./reseal.ts";

/**
 * What a desk does about its secrets before it works: it learns the keys to older fingerprints, and says at once when
 * something was sealed with a secret that it was not given.
 */
export async function prepareSecrets(
  dependencies: Pick<Dependencies, "database" | "logger" | "secrets" | "signInSeals">,
): Promise<SecretBox> {
  await nameSecondFactors(dependencies);
  const { unreadable } = sumSeals(await countSeals(dependencies));
  if (unreadable > 0) {
    raiseAlert(
      dependencies,
      "secret_unknown",
      { unreadable },
      `${unreadable} values were sealed with neither REDRESS_SECRET nor any of REDRESS_SECRET_PREVIOUS. Give the secret that they were sealed with as REDRESS_SECRET_PREVIOUS; redress secrets reseal --check says what they are.`,
    );
  }
  return recallFingerprintKeys(dependencies);
}
