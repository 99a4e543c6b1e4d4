import type { DriftView } from "@redress/core/reconciliation/comparison-view";
import { CircleCheck, Send, TriangleAlert } from "lucide-react";
import { Breakable } from "../breakable.tsx";
import Link from "../link.tsx";
import { Mark } from "../mark.tsx";
import { Cell, HeadCell, Table } from "../ui/table.tsx";
import { ExactTime } from "../when.tsx";

const sides = {
  stripe: { label: "Stripe was right", tone: "good", icon: CircleCheck },
  desk: { label: "The desk was right", tone: "moving", icon: Send },
  undecided: { label: "Needs someone", tone: "waiting", icon: TriangleAlert },
} as const;

const repairs: Readonly<Record<DriftView["action"], string>> = {
  settled: "Our row was settled",
  taken_in: "Taken in here",
  pulled: "Pulled into the inbox",
  sent_again: "Sent again",
  none: "Nothing was changed",
};

/** What differed, newest first. */
export function DriftTable({ drifts }: { drifts: readonly DriftView[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell className="hidden sm:table-cell">Found</HeadCell>
          <HeadCell>What differed</HeadCell>
          <HeadCell className="hidden sm:table-cell">What was done</HeadCell>
          <HeadCell className="hidden md:table-cell">App</HeadCell>
        </tr>
      </thead>
      <tbody>
        {drifts.map((drift) => (
          <DriftRow key={drift.id} drift={drift} />
        ))}
      </tbody>
    </Table>
  );
}

function DriftRow({ drift }: { drift: DriftView }) {
  return (
    <tr className="border-b border-line align-top last:border-0" data-drift={drift.kind}>
      <Cell className="hidden align-top whitespace-nowrap text-ink-soft sm:table-cell">
        <ExactTime at={drift.foundAt} className="numeric text-xs" />
      </Cell>
      <Cell className="align-top">
        <span className="block">{differenceOf(drift)}</span>
        <span className="block text-xs text-ink-faint">
          <Subject drift={drift} />
          <span className="sm:hidden">
            {" · "}
            <ExactTime at={drift.foundAt} className="numeric" />
          </span>
        </span>
        <div className="mt-1.5 sm:hidden">
          <Repair drift={drift} />
        </div>
      </Cell>
      <Cell className="hidden align-top sm:table-cell">
        <Repair drift={drift} />
      </Cell>
      <Cell className="hidden align-top text-ink-soft md:table-cell">{drift.app.name}</Cell>
    </tr>
  );
}

function Subject({ drift: { refundId, subjectId } }: { drift: DriftView }) {
  if (refundId === null) {
    return (
      <span className="font-mono">
        <Breakable text={subjectId} />
      </span>
    );
  }
  return (
    <Link href={`/refunds/${refundId}`} className="text-accent underline underline-offset-2">
      Refund <Breakable text={subjectId} />
    </Link>
  );
}

function Repair({ drift: { rightSide, action } }: { drift: DriftView }) {
  const { label, tone, icon: Icon } = sides[rightSide];
  return (
    <>
      <Mark label={label} tone={tone} icon={Icon} />
      <span className="ml-2 text-xs text-ink-soft">{repairs[action]}</span>
    </>
  );
}

/** As a sentence of its own; the name of an event keeps its case. */
function differenceOf({ kind, difference }: DriftView): string {
  return kind === "event_missing" ? difference : difference.charAt(0).toUpperCase() + difference.slice(1);
}
