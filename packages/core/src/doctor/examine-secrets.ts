import type { Configuration } from "../configuration.ts";
import { countSeals, type SealDependencies, sumSeals } from "../secrets/count-seals.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Whether all that is sealed can be opened, and whether an older secret is still needed. */
export async function examineSecrets(
  dependencies: SealDependencies,
  { previousSecrets }: Pick<Configuration, "previousSecrets">,
): Promise<Finding[]> {
  const { warning, failed } = findingsOf("configuration");
  const { older, unreadable } = sumSeals(await countSeals(dependencies));
  const findings: Finding[] = [];
  if (unreadable > 0) {
    findings.push(
      failed({
        sentence: `${unreadable} values were sealed with neither REDRESS_SECRET nor any of REDRESS_SECRET_PREVIOUS.`,
        mend: "Give the secret that they were sealed with as REDRESS_SECRET_PREVIOUS; redress secrets reseal --check says what they are.",
      }),
    );
  }
  if (older > 0) {
    findings.push(
      warning({
        sentence: `${older} values are sealed with an older secret.`,
        mend: "Once every server has both secrets: redress secrets reseal.",
      }),
    );
  } else if (previousSecrets.length > 0) {
    findings.push(
      warning({
        sentence: "Nothing is sealed with an older secret any more.",
        mend: "Take REDRESS_SECRET_PREVIOUS away twelve hours after every server got the present secret: sessions that began before have ended by then.",
      }),
    );
  }
  return findings;
}
