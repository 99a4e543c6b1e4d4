import type { ProposalView } from "@redress/core/proposals/list-proposals";
import { ShieldAlert } from "lucide-react";
import { Customer } from "../customer.tsx";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import { toneClasses } from "../refunds/tone-classes.ts";
import { When } from "../when.tsx";
import { ProposalForm } from "./proposal-form.tsx";

/**
 * A refund that an issuer's warning proposes. It asks, and does nothing by itself.
 *
 * @param mayAsk whether this operator may ask for refunds in its app
 * @param elsewhere shown away from its purchase, so it says whose it is and leads there
 */
export function ProposalPanel({
  proposal,
  mayAsk,
  elsewhere = false,
}: {
  proposal: ProposalView;
  mayAsk: boolean;
  elsewhere?: boolean;
}) {
  const { id, purchaseId, fraudType, amountLeft, currency, createdAt, app } = proposal;
  const aboutId = `about-${id}`;
  return (
    <section
      className="flex gap-3 rounded-lg border border-line bg-surface px-4 py-3 text-sm shadow-(--shadow)"
      aria-labelledby={`title-${id}`}
      data-proposal={id}
    >
      <span
        aria-hidden
        className={`grid size-7 shrink-0 place-items-center rounded-full ${toneClasses.waiting}`}
      >
        <ShieldAlert className="size-4" />
      </span>
      <div className="grid min-w-0 flex-1 gap-2">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h2 id={`title-${id}`} className="font-medium">
            Suspected fraud
          </h2>
          <When at={createdAt} className="text-xs text-ink-faint" />
        </div>
        <p id={aboutId} className="text-ink-soft [overflow-wrap:anywhere]">
          An early fraud warning came from the customer’s bank ({fraudType.replaceAll("_", " ")}). A refund
          now usually spares you a dispute and its fee. Refund{" "}
          <Money amount={amountLeft} currency={currency} className="font-medium text-ink" />?
        </p>
        {elsewhere && (
          <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-xs text-ink-soft">
            <Link href={`/purchases/${purchaseId}`} className="text-accent underline underline-offset-2">
              <Customer name={proposal.customerName} email={proposal.customerEmail} />
            </Link>
            <span>{app.name}</span>
          </p>
        )}
        {mayAsk && <ProposalForm proposalId={id} aboutId={aboutId} />}
      </div>
    </section>
  );
}
