import type { Policy, PolicyDraft } from "./policy-draft.ts";
import { draftOf } from "./write-draft.ts";

const verdicts = ["allow", "ask", "refuse"];

/** The cards of a policy that somebody wrote as JSON; null where it is none that they can show. */
export function readDraft(text: string): PolicyDraft | null {
  try {
    const read: unknown = JSON.parse(text);
    return isPolicy(read) ? draftOf({ ...read, budgets: read.budgets ?? [] }) : null;
  } catch {
    return null;
  }
}

/** Enough of the shape to be drawn; whether it makes sense, the desk says. */
function isPolicy(read: unknown): read is Policy {
  const { rules, budgets }: { rules?: unknown; budgets?: unknown } = Object(read);
  return (
    Array.isArray(rules) &&
    (budgets === undefined || Array.isArray(budgets)) &&
    rules.every((rule: unknown) => {
      const { when, verdict }: { when?: unknown; verdict?: unknown } = Object(rule);
      return typeof when === "object" && when !== null && verdicts.includes(String(verdict));
    })
  );
}
