import type { OpenAlert } from "@redress/core/list-open-alerts";
import type { OpenAlertKind } from "@redress/core/open-alert-conditions";
import { blockedSentences } from "@redress/core/refunds/blockage";
import {
  CirclePause,
  CircleQuestionMark,
  Hourglass,
  LockKeyhole,
  type LucideIcon,
  OctagonX,
} from "lucide-react";
import { Customer } from "../customer.tsx";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import type { Tone } from "../refunds/status.ts";
import { toneClasses } from "../refunds/tone-classes.ts";
import { rowLink } from "../ui/table.tsx";
import { When } from "../when.tsx";

const looks: Readonly<Record<OpenAlertKind, { icon: LucideIcon; tone: Tone; todo: string }>> = {
  paid_twice_perhaps: {
    icon: OctagonX,
    tone: "bad",
    todo: "It had been replaced, and Stripe has it all the same: compare both refunds of the purchase.",
  },
  misattributed: {
    icon: CircleQuestionMark,
    tone: "bad",
    todo: "Stripe made another refund for it than the one that stands here: its history names both.",
  },
  failed: {
    icon: OctagonX,
    tone: "bad",
    todo: "The money came back and the customer has nothing: refund again, or pay another way.",
  },
  unattributed: {
    icon: CircleQuestionMark,
    tone: "waiting",
    todo: "An equal refund was made at Stripe: say whether it is this one. Nothing is sent until then.",
  },
  replaceable: {
    icon: CircleQuestionMark,
    tone: "waiting",
    todo: "Stripe keeps answering with an error and has no such refund: replace it, or wait until Stripe forgets the error.",
  },
  unknown_for_long: {
    icon: CircleQuestionMark,
    tone: "waiting",
    todo: "Stripe’s answer was lost, or not given, for over an hour. The same question goes out again and cannot pay twice; if nothing else is wrong, there is nothing to do.",
  },
  undecided_for_long: {
    icon: Hourglass,
    tone: "waiting",
    todo: "Nobody has decided it for a long time: approve or reject it, or say who should.",
  },
  blocked: { icon: CirclePause, tone: "waiting", todo: "" },
  access_open: {
    icon: LockKeyhole,
    tone: "waiting",
    todo: "The customer’s access is not changed, as far as the app said.",
  },
};

/** What waits for a person, most pressing first; each leads to its refund. */
export function AlertList({ alerts }: { alerts: readonly OpenAlert[] }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)">
      {alerts.map((alert) => (
        <AlertItem key={`${alert.kind} ${alert.refund.id}`} alert={alert} />
      ))}
    </ul>
  );
}

function AlertItem({ alert }: { alert: OpenAlert }) {
  const { kind, refund, since, hadSucceeded } = alert;
  const { icon: Icon, tone, todo } = looks[kind];
  return (
    <li
      className="relative flex gap-3 px-4 py-3 has-[a:hover]:bg-sunken/60"
      data-alert={kind}
      data-refund={refund.id}
    >
      <span
        aria-hidden
        className={`grid size-7 shrink-0 place-items-center rounded-full ${toneClasses[tone]}`}
      >
        <Icon className="size-4" />
      </span>
      <div className="min-w-0 flex-1 text-sm">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="font-medium">
            <Link href={`/refunds/${refund.id}`} className={rowLink}>
              {titleOf(alert)}
            </Link>
          </p>
          <When at={since} className="text-xs text-ink-faint" />
        </div>
        <p className="mt-0.5 text-ink-soft">
          {hadSucceeded && "It had succeeded before. "}
          {refund.blockedCode ? blockedSentences[refund.blockedCode] : todo}
        </p>
        <div className="mt-1.5 flex flex-wrap items-baseline justify-between gap-x-4 text-xs text-ink-soft">
          <Customer name={refund.customerName} email={refund.customerEmail} />
          <span>
            <Money amount={refund.amount} currency={refund.currency} className="font-medium text-ink" />
            {" · "}
            {refund.app.name}
          </span>
        </div>
      </div>
    </li>
  );
}

function titleOf({ kind, refund }: OpenAlert): string {
  switch (kind) {
    case "paid_twice_perhaps":
      return "Perhaps paid twice";
    case "misattributed":
      return "Filed under another refund of Stripe’s";
    case "failed":
      return refund.status === "canceled" ? "The refund was canceled" : "The refund failed";
    case "unattributed":
      return "Stripe’s answer needs a person";
    case "replaceable":
      return "Stripe repeats an error";
    case "unknown_for_long":
      return "Still asking Stripe";
    case "undecided_for_long":
      return "Waits for a decision for long";
    case "blocked":
      return "Blocked";
    case "access_open":
      if (refund.accessStatus === "declined") return "The app declined to change access";
      if (refund.accessStatus === "failed") return "The app could not be reached";
      return "The app has not confirmed access for a day";
  }
}
