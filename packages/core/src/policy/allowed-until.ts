import type { PolicyFacts } from "./facts.ts";
import { judge } from "./judge.ts";
import type { Policy } from "./policy-document.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How old the purchase may be at most for the rules to allow what they allow now, everything else being the same.
 *
 * @returns milliseconds since the purchase, the last of them included; null when they do not allow it now, or its
 *   age never ends it
 */
export function allowedUntilAge(policy: Policy, facts: PolicyFacts): number | null {
  if (judge(policy, facts).kind !== "allow") return null;
  // Between two of these ages the rules say the same.
  const ends = policy.rules
    .flatMap(({ when: { ageInDays } }) => [ageInDays?.above, ageInDays?.atMost])
    .flatMap((days) => (days === undefined || days * dayMs < facts.ageMs ? [] : [days * dayMs]))
    .sort((one, other) => one - other);
  const last = ends.find((ageMs) => judge(policy, { ...facts, ageMs: ageMs + 1 }).kind !== "allow");
  return last ?? null;
}
