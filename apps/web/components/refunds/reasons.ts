import type { Reason } from "@redress/core/policy/policy-document";
import { reasonsOf } from "@redress/core/policy/reasons";

const usual: Readonly<Record<string, string>> = labelsOf(reasonsOf({}));

/** What people read, by code. */
export function labelsOf(reasons: readonly Reason[]): Record<string, string> {
  return Object.fromEntries(reasons.map(({ code, label }) => [code, label]));
}

/** A reason for people, also where the app has taken it off its list since. */
export function reasonName(code: string, labels: Readonly<Record<string, string>> = usual): string {
  const words = code.replaceAll("_", " ");
  return labels[code] ?? usual[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
