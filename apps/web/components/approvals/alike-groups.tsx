import type { AlikeGroup } from "@redress/core/approvals/list-alike";
import { formatMoney } from "@redress/core/money";
import { Layers } from "lucide-react";
import { withSearch } from "../../src/http/search.ts";
import Link from "../link.tsx";
import { Banner } from "../ui/banner.tsx";

/** Leads to where requests with one verdict are approved at once. */
export function AlikeGroups({ groups, own }: { groups: readonly AlikeGroup[]; own: ReadonlySet<string> }) {
  const open = groups.flatMap(({ explanation, refunds }) => {
    const others = refunds.filter(({ id }) => !own.has(id));
    const [first] = others;
    return first && others.length > 1 ? [{ first, explanation, others }] : [];
  });
  if (open.length === 0) return null;
  return (
    <ul className="mb-3 grid gap-1.5">
      {open.map(({ first, explanation, others }) => (
        <li key={first.id} className="flex items-start gap-2 text-sm text-ink-soft">
          <Layers aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          <span>
            {others.length} of {first.app.name} have one verdict, {totalOf(others)} in all: {explanation}{" "}
            <Link
              href={withSearch("/approvals/together", { like: first.id })}
              className="text-accent underline underline-offset-2"
            >
              Decide together
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** All of a group have one currency. */
function totalOf(refunds: AlikeGroup["refunds"]): string {
  const amount = refunds.reduce((sum, refund) => sum + refund.amount, 0);
  return formatMoney({ amount, currency: refunds[0]?.currency ?? "" });
}

/** What became of requests that were decided together. */
export function DecidedTogether({
  approved,
  endorsed,
  left,
}: {
  approved: number;
  /** Need somebody else's approval, too. */
  endorsed: number;
  left: number;
}) {
  const notes = [
    approved > 0 && "What is approved goes to Stripe now, each by itself.",
    endorsed > 0 &&
      `${endorsed === 1 ? "1 waits" : `${endorsed} wait`} for another person’s approval: the policy wants it now.`,
    left > 0 &&
      `${left === 1 ? "1 was" : `${left} were`} left out: decided meanwhile, or not yours to decide. The list below has what still waits.`,
  ];
  return (
    <Banner
      tone={left + endorsed > 0 ? "waiting" : "good"}
      className="mb-4"
      title={approved === 1 ? "1 request approved" : `${approved} requests approved`}
    >
      {notes.filter((note) => note !== false).join(" ")}
    </Banner>
  );
}
