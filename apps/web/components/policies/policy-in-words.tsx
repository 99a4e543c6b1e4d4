import { describeBudget, describeRule, type RuleInWords } from "@redress/core/policy/describe-policy";
import { defaultReminders, type Policy } from "@redress/core/policy/policy-document";
import { ArrowDown, CircleCheck, CircleX, UsersRound } from "lucide-react";

const verdictIcons = {
  allow: { icon: CircleCheck, look: "text-good" },
  ask: { icon: UsersRound, look: "text-waiting" },
  refuse: { icon: CircleX, look: "text-bad" },
} as const;

/** The rules in the order in which they are asked; the first that holds decides. */
export function PolicyInWords({
  policy,
  reasonName,
}: {
  policy: Policy;
  reasonName: (reason: string) => string;
}) {
  const reminders = policy.reminders ?? defaultReminders;
  return (
    <div className="grid gap-3 p-4 text-sm">
      <ol className="grid gap-2">
        {policy.rules.map((rule, index) => (
          <RuleLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the order.
            key={index}
            verdict={rule.verdict}
            words={describeRule(rule, index + 1, reasonName)}
            number={index + 1}
          />
        ))}
        <li className="flex gap-3">
          <span className="grid size-6 shrink-0 place-items-center text-ink-faint">
            <ArrowDown aria-hidden className="size-4" />
          </span>
          <span className="min-w-0 pt-0.5 text-ink-soft">
            {policy.rules.length === 0
              ? "Every request is asked of an approver."
              : "All else is asked of an approver."}
          </span>
        </li>
      </ol>
      {policy.budgets.length > 0 && (
        <div>
          <h3 className="mb-1 text-xs font-medium text-ink-faint">Let out without a person</h3>
          <ul className="grid gap-0.5">
            {policy.budgets.map((budget) => {
              const line = describeBudget(budget);
              return <li key={line}>{line}</li>;
            })}
          </ul>
        </div>
      )}
      <p className="text-xs text-ink-faint">
        Approvers are reminded after {reminders.afterHours} hours, and administrators told after{" "}
        {reminders.escalateAfterHours}.
      </p>
    </div>
  );
}

function RuleLine({
  words: { title, conditions, outcome, reason },
  verdict,
  number,
}: {
  words: RuleInWords;
  verdict: keyof typeof verdictIcons;
  number: number;
}) {
  const { icon: Icon, look } = verdictIcons[verdict];
  return (
    <li className="flex gap-3">
      <span className="numeric grid size-6 shrink-0 place-items-center rounded-full bg-quiet-tint text-xs font-semibold text-quiet">
        {number}
      </span>
      <span className="min-w-0 pt-0.5 [overflow-wrap:anywhere]">
        <span className="font-medium">{title}</span>
        <span className="text-ink-soft">
          {conditions.length === 0 ? ": always. " : `: when ${conditions.join(", and ")}. `}
        </span>
        <span className={`inline-flex items-center gap-1 font-medium ${look}`}>
          <Icon aria-hidden className="size-3.5 shrink-0" />
          {outcome}.
        </span>
        {reason !== null && <span className="block text-ink-soft">The customer reads: “{reason}”</span>}
      </span>
    </li>
  );
}
