import type { Dependencies } from "../dependencies.ts";
import { formatMoney } from "../money.ts";
import type { ActorView } from "../refunds/refund-view.ts";
import { type BulkView, getBulk, type Tally } from "./bulk-view.ts";

/** What those who may approve a list are told of it. Texts are as people typed them: escape them. */
export interface ListFacts {
  readonly bulk: BulkView;
  /** The list in one line. */
  readonly headline: string;
  /** In the order in which they are shown. */
  readonly lines: readonly { readonly label: string; readonly text: string }[];
  /** What is the case now. */
  readonly outcome: string;
  /** The page of the list, where it is decided; opening it changes nothing. */
  readonly url: string;
}

/** @throws RedressError `bulk_refund_not_found` */
export async function readListFacts(
  dependencies: Pick<Dependencies, "database" | "settings">,
  { bulkRefundId }: { bulkRefundId: string },
): Promise<ListFacts> {
  const bulk = await getBulk(dependencies, { bulkRefundId });
  const sealed = sealedTally(bulk);
  return {
    bulk,
    headline: `${bulk.app.name}: ${countOf(sealed, "refund")} asked for as one list`,
    outcome: outcomeOf(bulk),
    url: `${dependencies.settings.publicUrl}/bulk-refunds/${encodeURIComponent(bulk.id)}`,
    lines: [
      { label: "App", text: bulk.app.name },
      { label: "Refunds", text: sealed.count.toLocaleString("en") },
      { label: "Together", text: sealed.amounts.map((money) => formatMoney(money)).join(", ") },
      ...(bulk.lines.left_out.count === 0
        ? []
        : [{ label: "Left out", text: countOf(bulk.lines.left_out, "line") }]),
      { label: "Reason", text: bulk.reason.replaceAll("_", " ") },
      ...(bulk.note === null ? [] : [{ label: "Note", text: bulk.note }]),
      ...(bulk.filter === null ? [] : [{ label: "Found by the search", text: bulk.filter }]),
      { label: "Asked for by", text: nameOf(bulk.requestedBy) },
      ...(bulk.approversNeeded > 1
        ? [{ label: "Who may approve", text: `${bulk.approversNeeded} people together` }]
        : []),
      ...(bulk.approverRole === "admin" ? [{ label: "Role needed", text: "an admin" }] : []),
    ],
  };
}

/** What was sealed, whatever became of its lines since. */
function sealedTally({ lines }: BulkView): Tally {
  const amounts = new Map<string, number>();
  const sealed = [lines.ready, lines.requested, lines.dropped, lines.canceled];
  for (const { amount, currency } of sealed.flatMap((tally) => tally.amounts)) {
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  }
  return {
    count: sealed.reduce((all, { count }) => all + count, 0),
    amounts: [...amounts].sort().map(([currency, amount]) => ({ amount, currency })),
  };
}

function outcomeOf({ status, approvedBy, decidedBy, decisionNote }: BulkView): string {
  const approvers = approvedBy.map(nameOf).join(", ");
  const note = decisionNote === null ? "" : ` Note: ${decisionNote}`;
  switch (status) {
    case "preparing":
    case "awaiting_approval":
      return "The list waits for approval.";
    case "rejected":
      return `Rejected${decidedBy === null ? "" : ` by ${nameOf(decidedBy)}`}. Nothing was refunded.${note}`;
    case "withdrawn":
      return "Taken back by whoever asked. Nothing was refunded.";
    case "expired":
      return "Nobody decided in time. Nothing was refunded.";
    case "running":
    case "paused":
    case "finished":
    case "canceled":
      return `Approved by ${approvers}. How far it has come is on its page.${note}`;
  }
}

function nameOf({ kind, name, id }: ActorView): string {
  return kind === "agent" ? `${name ?? id} (an agent)` : (name ?? id);
}

function countOf({ count }: Tally, noun: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : `${noun}s`}`;
}
