/** What is looked at, in this order. */
export const examinedParts = [
  "configuration",
  "database",
  "stripe",
  "webhooks",
  "engine",
  "mail",
  "slack",
  "apps",
  "audit",
] as const;
export type ExaminedPart = (typeof examinedParts)[number];

/** What the doctor found of one part. */
export interface Finding {
  readonly part: ExaminedPart;
  /** `warning`: it works, and somebody should look. `skipped`: it could not be looked at, or is not in use. */
  readonly state: "ok" | "warning" | "failed" | "skipped";
  /** What is so. Never a secret, nor anything of a customer. */
  readonly sentence: string;
  /** The exact mend, where there is one to make. */
  readonly mend?: string;
}

type Told = Pick<Finding, "sentence"> & { mend: string };

/** Findings of one part. */
export function findingsOf(part: ExaminedPart) {
  return {
    ok: (sentence: string): Finding => ({ part, state: "ok", sentence }),
    skipped: (sentence: string): Finding => ({ part, state: "skipped", sentence }),
    warning: (told: Told): Finding => ({ part, state: "warning", ...told }),
    failed: (told: Told): Finding => ({ part, state: "failed", ...told }),
  };
}
