"use client";

import { Select, Textarea } from "../ui/field.tsx";
import type { RuleDraft } from "./policy-draft.ts";

const verdicts = {
  allow: "refund without a person",
  ask: "ask people",
  refuse: "refuse",
} as const;
const isVerdict = (text: string): text is RuleDraft["verdict"] => text in verdicts;

/** What follows where a rule holds. */
export function VerdictFields({
  rule,
  number,
  onChange,
}: {
  rule: RuleDraft;
  number: number;
  onChange: (rule: RuleDraft) => void;
}) {
  return (
    <div className="grid gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">Then</span>
        <Select
          aria-label={`Verdict of rule ${number}`}
          value={rule.verdict}
          className="h-8 w-auto text-sm"
          onChange={({ target }) => {
            if (isVerdict(target.value)) onChange({ ...rule, verdict: target.value });
          }}
        >
          {Object.entries(verdicts).map(([verdict, label]) => (
            <option key={verdict} value={verdict}>
              {label}
            </option>
          ))}
        </Select>
        {rule.verdict === "ask" && <Approvers rule={rule} number={number} onChange={onChange} />}
      </div>
      {rule.verdict === "refuse" && (
        <Textarea
          aria-label={`What rule ${number} tells the customer`}
          placeholder="What the customer reads: We refund within 90 days of the purchase."
          value={rule.reason}
          maxLength={500}
          className="text-sm"
          onChange={({ target }) => onChange({ ...rule, reason: target.value })}
        />
      )}
    </div>
  );
}

function Approvers({
  rule,
  number,
  onChange,
}: {
  rule: RuleDraft;
  number: number;
  onChange: (rule: RuleDraft) => void;
}) {
  return (
    <>
      <Select
        aria-label={`How many people rule ${number} asks`}
        value={rule.approvers}
        className="h-8 w-auto text-sm"
        onChange={({ target }) => onChange({ ...rule, approvers: target.value })}
      >
        <option value="1">one</option>
        <option value="2">two different</option>
        <option value="3">three different</option>
      </Select>
      <Select
        aria-label={`Whom rule ${number} asks`}
        value={rule.role}
        className="h-8 w-auto text-sm"
        onChange={({ target }) =>
          onChange({ ...rule, role: target.value === "admin" ? "admin" : "approver" })
        }
      >
        <option value="approver">approver</option>
        <option value="admin">administrator</option>
      </Select>
    </>
  );
}
