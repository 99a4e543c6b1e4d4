import type { OpenAlertKind } from "@redress/core/open-alert-conditions";
import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { isQuiet, type Needs } from "../../src/reads/needs.ts";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import { EvidenceDue } from "../purchases/evidence-due.tsx";
import { When } from "../when.tsx";

const alertTitles: Readonly<Record<OpenAlertKind, string>> = {
  paid_twice_perhaps: "Perhaps paid twice",
  misattributed: "Filed under another refund",
  failed: "Failed at Stripe",
  unattributed: "Stripe’s answer needs a person",
  replaceable: "Stripe repeats an error",
  unknown_for_long: "Still asking Stripe",
  undecided_for_long: "Undecided for long",
  blocked: "Blocked",
  access_open: "Access not revoked",
};
/** Before what waits for a decision: money may be wrong. */
const pressing: readonly OpenAlertKind[] = ["paid_twice_perhaps", "misattributed", "failed"];

interface Need {
  readonly key: string;
  readonly count: number;
  readonly title: string;
  readonly href: string;
  readonly items: readonly NeedItem[];
}

interface NeedItem {
  readonly href: string;
  readonly what: ReactNode;
  readonly when: ReactNode;
}

/** What only the reader, or somebody like them, can settle: how much of each, and the most urgent few. */
export function NeedsList({ needs }: { needs: Needs }) {
  if (isQuiet(needs)) {
    return (
      <p className="flex items-center gap-2 rounded-lg border border-line bg-surface px-4 py-3 text-sm shadow-(--shadow)">
        <CircleCheck aria-hidden className="size-4 text-good" />
        Nothing needs you.
      </p>
    );
  }
  return (
    <ul className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {needsInOrder(needs).map((need) => (
        <NeedCard key={need.key} need={need} />
      ))}
    </ul>
  );
}

function NeedCard({ need: { key, count, title, href, items } }: { need: Need }) {
  return (
    <li
      data-need={key}
      className="rounded-lg border border-line bg-surface px-4 py-3 text-sm shadow-(--shadow)"
    >
      <Link href={href} className="flex items-baseline gap-2 font-medium hover:underline">
        <span className="numeric text-lg font-semibold">{count}</span>
        {title}
      </Link>
      {items.length > 0 && (
        <ul className="mt-1.5 grid gap-1 text-xs">
          {items.map((item) => (
            <li key={item.href} className="flex items-baseline justify-between gap-3">
              <Link href={item.href} className="min-w-0 truncate text-ink-soft hover:underline">
                {item.what}
              </Link>
              <span className="shrink-0 text-ink-faint">{item.when}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function needsInOrder(needs: Needs): Need[] {
  const alerts = needs.alerts.map(({ kind, count, first }) => ({
    ...{ key: kind, kind, count, title: alertTitles[kind], href: "/needs-you" },
    items: first.map(({ refund, since }) => refundItem(refund, since)),
  }));
  const all: Need[] = [
    ...alerts.filter(({ kind }) => pressing.includes(kind)),
    disputesNeed(needs),
    awaitingNeed(needs),
    listsNeed(needs),
    ...alerts.filter(({ kind }) => !pressing.includes(kind)),
    plainNeed("proposals", needs.proposals, "Suspected fraud", "/needs-you"),
    plainNeed("undecided", needs.undecided, "Books and Stripe differ", "/reconciliation?show=undecided"),
  ];
  return all.filter(({ count }) => count > 0);
}

const plainNeed = (key: string, count: number, title: string, href: string): Need => {
  return { key, count, title, href, items: [] };
};

function disputesNeed({ disputes: { count, first } }: Needs): Need {
  return {
    ...plainNeed(
      "disputes",
      count,
      count === 1 ? "Dispute wants evidence" : "Disputes want evidence",
      "/disputes",
    ),
    items: first.map((dispute) => ({
      href: `/purchases/${dispute.id}`,
      what: <Whose {...dispute} amount={dispute.amountCaptured} />,
      when: dispute.disputeDueAt && <EvidenceDue at={dispute.disputeDueAt} brief />,
    })),
  };
}

function awaitingNeed({ awaiting: { count, first } }: Needs): Need {
  const title = count === 1 ? "Request waits for a decision" : "Requests wait for a decision";
  return {
    ...plainNeed("awaiting", count, title, "/approvals"),
    items: first.map((refund) => refundItem(refund, refund.requestedAt)),
  };
}

function listsNeed({ lists: { count, first } }: Needs): Need {
  const title = count === 1 ? "List waits for approval" : "Lists wait for approval";
  return {
    ...plainNeed("lists", count, title, "/bulk-refunds?show=awaiting_approval"),
    items: first.map(({ id, app, itemCount, requestedAt }) => ({
      href: `/bulk-refunds/${id}`,
      what: `${app}, ${itemCount === 1 ? "1 line" : `${itemCount} lines`}`,
      when: <When at={requestedAt} />,
    })),
  };
}

function refundItem(refund: RefundSummary, at: Date): NeedItem {
  return { href: `/refunds/${refund.id}`, what: <Whose {...refund} />, when: <When at={at} /> };
}

function Whose({
  customerName,
  customerEmail,
  amount,
  currency,
}: Pick<RefundSummary, "customerName" | "customerEmail" | "amount" | "currency">) {
  return (
    <>
      <Money amount={amount} currency={currency} className="font-medium text-ink" />{" "}
      {customerName ?? customerEmail ?? "Unknown customer"}
    </>
  );
}
