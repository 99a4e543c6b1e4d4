import type { Outlook } from "@redress/core/embed/read-panel";
import type { RefundPolicyAnswer } from "@redress/core/tools/refund-policy";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** How a verdict is said beside a ticket: what would become of a full refund, in a line. */
export interface VerdictLine {
  readonly tone: "good" | "waiting" | "bad" | "quiet";
  readonly text: string;
  /** Whether there is any use in asking. */
  readonly isOpen: boolean;
}

const counts = ["no", "one", "two", "three"];

/** @param now tells whether a day needs its year */
export function verdictLine(outlook: Outlook, now: Date): VerdictLine {
  if (outlook.kind === "none") return { tone: "quiet", text: outlook.why, isOpen: false };
  const { policy, mayAsk } = outlook;
  if (policy.blocked !== null) return { tone: "waiting", text: policy.blocked.explanation, isOpen: false };
  return { ...judged(policy, now), isOpen: mayAsk && policy.verdict !== "refuse" };
}

function judged(policy: RefundPolicyAnswer, now: Date): Pick<VerdictLine, "tone" | "text"> {
  const { verdict, until, approvers = 1, role, reason, message } = policy;
  switch (verdict) {
    case "allow":
      return { tone: "good", text: `Allowed without approval${until ? ` until ${dayOf(until, now)}` : ""}` };
    case "ask": {
      const who = role === "admin" ? "admin" : "approver";
      return {
        tone: "waiting",
        text: `Needs ${counts[approvers] ?? approvers} ${approvers === 1 ? who : `${who}s`}`,
      };
    }
    case "refuse":
      return { tone: "bad", text: `Refused because: ${reason ?? message}` };
    case "repeated":
      return { tone: "quiet", text: message };
  }
}

const dayOf = (moment: Date, now: Date) =>
  (moment.getUTCFullYear() === now.getUTCFullYear() ? day : dayOfYear).format(moment);
