import type { ApproverRole } from "@redress/database";
import type { PolicyFacts } from "./facts.ts";
import { matches } from "./matches.ts";
import type { Policy, Rule } from "./policy-document.ts";

/** `rule` counts from 1; null: no rule decided. `explanation` is a sentence for the people of the desk. */
export type Verdict =
  | { readonly kind: "allow"; readonly rule: number; readonly explanation: string }
  | {
      readonly kind: "ask";
      readonly rule: number | null;
      readonly role: ApproverRole;
      /** How many different persons have to approve it. */
      readonly approvers: number;
      readonly explanation: string;
    }
  | {
      readonly kind: "refuse";
      readonly rule: number;
      /** For the customer. */
      readonly reason: string;
      readonly explanation: string;
    };

/**
 * Judges a request: the first rule that matches decides, and what none matches is asked of a person. Where a
 * fact is missing that a rule needs, the rule is not skipped unless it allows: a person is asked.
 */
export function judge(policy: Policy, facts: PolicyFacts): Verdict {
  for (const [index, rule] of policy.rules.entries()) {
    const match = matches(rule.when, facts);
    if (match === "yes") return decide(rule, index + 1);
    if (match === "unknown" && rule.verdict !== "allow") return askInDoubt(rule, index + 1);
  }
  const explanation = "No rule of the policy covers it, so a person decides.";
  return { kind: "ask", rule: null, role: "approver", approvers: 1, explanation };
}

function decide(rule: Rule, number: number): Verdict {
  const name = ruleName(rule, number);
  switch (rule.verdict) {
    case "allow":
      return { kind: "allow", rule: number, explanation: `${name} allows it.` };
    case "ask":
      return {
        kind: "ask",
        rule: number,
        role: rule.role,
        approvers: rule.approvers,
        explanation: `${name} asks ${whom(rule)}.`,
      };
    case "refuse":
      return {
        kind: "refuse",
        rule: number,
        reason: rule.reason,
        explanation: `${name} refuses it: ${rule.reason}`,
      };
  }
}

function askInDoubt(rule: Exclude<Rule, { verdict: "allow" }>, number: number): Verdict {
  const { role, approvers } = rule.verdict === "ask" ? rule : ({ role: "approver", approvers: 1 } as const);
  const explanation = `${ruleName(rule, number)} cannot be judged: the purchase does not say what it needs. ${deciders({ role, approvers })}.`;
  return { kind: "ask", rule: number, role, approvers, explanation };
}

/** "A person decides", "Two admins decide". */
function deciders(rule: { role: ApproverRole; approvers: number }): string {
  const who = whom(rule);
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} decide${rule.approvers === 1 ? "s" : ""}`;
}

/** "a person", "two admins". */
function whom({ role, approvers }: { role: ApproverRole; approvers: number }): string {
  const isAdmin = role === "admin";
  if (approvers === 1) return isAdmin ? "an admin" : "a person";
  return `${approvers === 2 ? "two" : "three"} ${isAdmin ? "admins" : "people"}`;
}

function ruleName({ name }: Rule, number: number): string {
  return name === undefined ? `Rule ${number}` : `Rule ${number} (${name})`;
}
