import type { BulkItemStatus, BulkPausedCode, BulkRefundStatus } from "@redress/database";
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleMinus,
  CirclePause,
  CircleX,
  Send,
  TimerOff,
  Undo2,
} from "lucide-react";
import type { Look } from "../refunds/status.ts";

/** One word, one colour and one shape for each state of a list. */
export const bulkLooks: Readonly<Record<BulkRefundStatus, Look>> = {
  preparing: { label: "Being judged", tone: "moving", icon: CircleDashed },
  awaiting_approval: { label: "Needs approval", tone: "waiting", icon: CircleDashed },
  running: { label: "Running", tone: "moving", icon: Send },
  paused: { label: "Paused", tone: "waiting", icon: CirclePause },
  finished: { label: "All asked for", tone: "good", icon: CircleCheck },
  canceled: { label: "Cancelled", tone: "quiet", icon: CircleMinus },
  rejected: { label: "Rejected", tone: "quiet", icon: CircleX },
  withdrawn: { label: "Withdrawn", tone: "quiet", icon: Undo2 },
  expired: { label: "Expired", tone: "quiet", icon: TimerOff },
};

export const lineLooks: Readonly<Record<BulkItemStatus, Look>> = {
  listed: { label: "Not judged yet", tone: "quiet", icon: CircleDashed },
  ready: { label: "To refund", tone: "moving", icon: CircleDot },
  left_out: { label: "Left out", tone: "waiting", icon: CircleMinus },
  requested: { label: "Asked for", tone: "good", icon: Send },
  dropped: { label: "Dropped", tone: "bad", icon: CircleX },
  canceled: { label: "Cancelled", tone: "quiet", icon: CircleMinus },
};

/** Why a run stands still, and what to do. */
export const pausedSentences: Readonly<Record<BulkPausedCode, string>> = {
  person: "Somebody paused it. Let it go on, or cancel the rest.",
  app_not_connected:
    "The app is not connected to Stripe any more. Connect the same account, then let it go on.",
  refunds_stopped: "All refunds of this app are stopped. Let it go on when they run again.",
  approver_gone: "Somebody who approved it may not approve it any more. Cancel the rest and ask for it anew.",
};

/** Why lines are left out or dropped, for people; other codes are shown as they are. */
export const lineReasons: Readonly<Record<string, string>> = {
  purchase_unknown: "no such purchase",
  purchase_ambiguous: "several purchases have the number",
  duplicate: "twice in the list",
  already_refunded: "refunded already",
  already_asked: "asked for already",
  amount_exceeds_remaining: "more than is left",
  amount_invalid: "no valid amount",
  currency_mismatch: "another currency",
  dispute_open: "a dispute is open",
  policy_refused: "the policy refuses",
  policy_changed: "the policy wants more approval",
  account_changed: "of another Stripe account",
  account_disconnected: "the app is not connected",
  refunds_stopped: "refunds are stopped",
};
