import { liveRefundStatuses, purchases, refunds } from "@redress/database";
import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { formatMoney, type Money } from "../money.ts";
import type { ApplicationFeeView } from "../refunds/application-fee.ts";
import { getRefund } from "../refunds/get-refund.ts";
import type { RefundDetail } from "../refunds/refund-view.ts";
import { describeOutcome } from "../tools/describe-outcome.ts";

/** What somebody has to know who decides on a request, in Slack and by e-mail. Texts are as people typed them: escape them. */
export interface ApprovalFacts {
  readonly refund: RefundDetail;
  /** In the order in which they are shown. */
  readonly lines: readonly { readonly label: string; readonly text: string }[];
  /** The request in one line. */
  readonly headline: string;
  /** What is the case now. */
  readonly outcome: string;
  /** The page of the request; opening it changes nothing. */
  readonly url: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** @throws RedressError `refund_not_found` */
export async function readApprovalFacts(
  dependencies: Pick<Dependencies, "database" | "clock" | "settings">,
  { refundId }: { refundId: string },
): Promise<ApprovalFacts> {
  const { database, clock, settings } = dependencies;
  const refund = await getRefund(dependencies, { refundId });
  const [purchase] = await database.select().from(purchases).where(eq(purchases.id, refund.purchaseId));
  if (!purchase) throw new Error(`refund ${refundId} lost its purchase`);
  const now = clock.now();
  const captured = { amount: purchase.amountCaptured, currency: purchase.currency };
  const verdict = refund.verdicts.at(-1);
  return {
    refund,
    headline: `${refund.app.name}: refund of ${formatMoney(refund)} asked for`,
    outcome: describeOutcome(refund, now),
    url: `${settings.publicUrl}/refunds/${encodeURIComponent(refund.id)}`,
    lines: [
      { label: "App", text: refund.app.name },
      { label: "Amount", text: `${formatMoney(refund)} of ${formatMoney(captured)}` },
      { label: "Customer", text: customerOf(refund) },
      { label: "Product", text: refund.productName ?? "not known" },
      { label: "Bought", text: ageInWords(purchase.purchasedAt, now) },
      { label: "Reason", text: (refund.reason ?? "none").replaceAll("_", " ") },
      { label: "Asked for by", text: requesterOf(refund) },
      { label: "Earlier refunds of this customer", text: await earlierRefunds(dependencies, refund) },
      { label: "Policy", text: verdict ? verdict.explanation : "not judged" },
      ...(refund.approversNeeded > 1 ? [{ label: "Approved", text: approvedSoFar(refund) }] : []),
      ...(refund.applicationFee === null
        ? []
        : [{ label: "Application fee", text: feeInWords(refund.applicationFee) }]),
      ...(refund.approverRole === "admin" ? [{ label: "Who may approve", text: "an admin" }] : []),
      ...(refund.note === null ? [] : [{ label: "Note", text: refund.note }]),
    ],
  };
}

/** "1 of 2: Ada". */
function approvedSoFar({ endorsements, approversNeeded, approval }: RefundDetail): string {
  const isApproved = approval?.decision === "approved";
  const names = endorsements.map(({ by }) => by.name ?? by.id);
  const all = isApproved ? [...names, approval.decidedBy.name ?? approval.decidedBy.id] : names;
  const count = `${all.length} of ${approversNeeded}`;
  return all.length === 0 ? count : `${count}: ${all.join(", ")}`;
}

function feeInWords({ onRefund, ...fee }: ApplicationFeeView): string {
  const becomes = onRefund === "given_back" ? "its share goes back to the app" : "stays with the platform";
  return `${formatMoney(fee)} of the payment; ${becomes}`;
}

function customerOf({ customerName, customerEmail }: RefundDetail): string {
  const known = [customerName, customerEmail].filter((text) => text !== null && text !== "");
  return known.length === 0 ? "not known" : known.join(", ");
}

function requesterOf({ requestedBy }: RefundDetail): string {
  const name = requestedBy.name ?? requestedBy.id;
  return requestedBy.kind === "agent" ? `${name} (an agent)` : name;
}

function ageInWords(at: Date, now: Date): string {
  const days = Math.floor((now.getTime() - at.getTime()) / dayMs);
  const date = at.toISOString().slice(0, 10);
  if (days < 1) return `less than a day ago (${date})`;
  return days === 1 ? `a day ago (${date})` : `${days} days ago (${date})`;
}

/** In the same app, by the customer's address; what was rejected or failed returned nothing and counts not. */
async function earlierRefunds(
  { database }: Pick<Dependencies, "database">,
  refund: RefundDetail,
): Promise<string> {
  if (refund.customerEmail === null) return "not known";
  const sums = await database
    .select({
      currency: refunds.currency,
      amount: sql`sum(${refunds.amount})`.mapWith(Number),
      count: sql`count(*)`.mapWith(Number),
    })
    .from(refunds)
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .where(
      and(
        eq(refunds.appId, refund.app.id),
        sql`lower(${purchases.customerEmail}) = lower(${refund.customerEmail})`,
        inArray(refunds.status, liveRefundStatuses),
        ne(refunds.id, refund.id),
      ),
    )
    .groupBy(refunds.currency)
    .orderBy(asc(refunds.currency));
  return sums.length === 0 ? "none" : sums.map(sumInWords).join(", ");
}

function sumInWords({ count, ...money }: Money & { count: number }): string {
  return `${count} (${formatMoney(money)})`;
}
