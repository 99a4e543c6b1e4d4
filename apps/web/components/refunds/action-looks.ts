import type { LucideIcon } from "lucide-react";
import {
  Ban,
  BellRing,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CirclePlay,
  CircleQuestionMark,
  CircleX,
  FilePlus2,
  LockKeyhole,
  Mail,
  MessageSquare,
  Replace,
  Search,
  Send,
  ShieldAlert,
  TimerOff,
  Undo2,
} from "lucide-react";
import type { Tone } from "./status.ts";

/** How entries of the log about a refund are shown. */
export const actionLooks: Readonly<
  Record<string, { readonly icon: LucideIcon; readonly tone: Tone; readonly title: string }>
> = {
  refund_requested: { icon: FilePlus2, tone: "moving", title: "Requested" },
  proposal_accepted: {
    icon: ShieldAlert,
    tone: "quiet",
    title: "Asked for on a warning of fraud",
  },
  approval_awaited: {
    icon: CircleDashed,
    tone: "waiting",
    title: "Waits for a person",
  },
  refund_endorsed: { icon: CircleCheck, tone: "waiting", title: "Approved; others are still needed" },
  endorsement_taken_back: { icon: Undo2, tone: "quiet", title: "Took their approval back" },
  approval_reminded: { icon: BellRing, tone: "waiting", title: "Approvers to be reminded" },
  approval_escalated: { icon: BellRing, tone: "waiting", title: "Waited too long: admins to be told" },
  portal_delivery_read: { icon: Search, tone: "quiet", title: "The app’s developer read the message" },
  refund_commented: { icon: MessageSquare, tone: "quiet", title: "Comment" },
  refund_approved: { icon: CircleCheck, tone: "good", title: "Approved" },
  refund_rejected: { icon: CircleX, tone: "bad", title: "Rejected" },
  refund_expired: { icon: TimerOff, tone: "quiet", title: "Lapsed: nobody decided it" },
  refund_withdrawn: { icon: Undo2, tone: "quiet", title: "Withdrawn" },
  refund_executing: { icon: Send, tone: "moving", title: "Sent to Stripe" },
  refund_outcome_unknown: {
    icon: CircleQuestionMark,
    tone: "waiting",
    title: "Stripe’s answer did not arrive",
  },
  refund_refused: { icon: Ban, tone: "bad", title: "Stripe refused it" },
  refund_blocked: { icon: CirclePause, tone: "waiting", title: "Cannot run now" },
  refund_resumed: { icon: CirclePlay, tone: "moving", title: "Resumed" },
  comparison_started: { icon: Search, tone: "quiet", title: "Compared with Stripe, as asked" },
  refund_superseded: { icon: Replace, tone: "quiet", title: "Replaced by a new approval" },
  refund_misattributed: {
    icon: CircleQuestionMark,
    tone: "bad",
    title: "Its refund in Stripe stands in another row",
  },
  refund_confirmed: { icon: CircleDot, tone: "good", title: "Stripe confirmed" },
  refund_taken_in: { icon: FilePlus2, tone: "quiet", title: "Made in Stripe, taken in here" },
  customer_mail_queued: { icon: Mail, tone: "quiet", title: "Customer written to" },
  notification_done: { icon: LockKeyhole, tone: "good", title: "App answered" },
  access_changed: { icon: LockKeyhole, tone: "moving", title: "Access to change" },
};
