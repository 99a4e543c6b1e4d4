import type { PanelPurchase } from "@redress/core/embed/read-panel";
import type { EmbedVisit } from "@redress/core/embed/visit-embed";
import { formatMoney } from "@redress/core/money";
import { wordOf } from "../../components/refunds/status-words.ts";
import { html, type Markup } from "./html.ts";
import { verdictLine } from "./verdict.ts";

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

export interface PanelView {
  readonly visit: EmbedVisit;
  /** Sent back with each form: it is what lets them in. */
  readonly token: string;
  readonly found: readonly PanelPurchase[];
  readonly more: boolean;
  readonly proof: string;
  /** What came of what was sent, if anything. */
  readonly notice: { readonly tone: "good" | "waiting" | "bad"; readonly text: string } | null;
  readonly now: Date;
  readonly publicUrl: string;
}

/** The purchases of a ticket's customer: the verdict first, then the button. */
export function panelBody(view: PanelView): Markup {
  const { visit, found, more, notice } = view;
  return html`<header><h1>${visit.claims.email}</h1><p class="faint">You look as ${visit.operator.name}.</p></header>
${notice === null ? null : html`<p class="verdict card ${notice.tone}" role="status">${notice.text}</p>`}
${found.length === 0 ? nothing : html`<ul>${found.map((one) => card(one, view))}</ul>`}
${more ? html`<p class="faint">There are older ones on the desk.</p>` : null}
${found.length === 0 ? null : proofForm(view)}`;
}

const nothing = html`<section class="card"><p class="soft">No purchase under this address that you may see. The customer may have paid with another address: ask for the order number, and search on the desk.</p></section>`;

function card(one: PanelPurchase, view: PanelView): Markup {
  const { purchase, unverified, outlook } = one;
  const { tone, text, isOpen } = verdictLine(outlook, view.now);
  const { amountCaptured, amountLeft, currency, customer } = purchase;
  const facts = [purchase.app.name, purchase.orderNumber, day.format(purchase.purchasedAt)];
  return html`<li class="card" data-purchase="${purchase.id}">
<p class="verdict ${tone}">${text}</p>
${isOpen && outlook.kind === "judged" ? askForm(purchase.id, outlook.policy, view) : null}
<div><div class="row"><strong>${purchase.productName ?? "Purchase"}</strong><span class="numeric">${formatMoney({ amount: amountCaptured, currency })}</span></div>
<p class="faint">${facts.filter((fact) => fact !== null).join(" · ")}</p></div>
${amountLeft < amountCaptured ? html`<p class="soft numeric">${formatMoney({ amount: amountLeft, currency })} left to refund</p>` : null}
<p>${unverified ? html`<span class="mark waiting">Found by the address alone</span>` : html`<span class="mark good">Confirmed by what the customer told</span>`}</p>
${customer.othersWithEmail > 0 ? html`<p class="faint">Another customer of ${purchase.app.name} uses this address too.</p>` : null}
${refundList(purchase.refunds)}
<p class="faint"><a href="${view.publicUrl}/purchases/${purchase.id}" target="_blank" rel="noopener noreferrer">Open on the desk</a></p>
</li>`;
}

function askForm(
  purchaseId: string,
  { verdict, amount, currency }: { verdict: string; amount: number; currency: string },
  view: PanelView,
): Markup {
  const money = formatMoney({ amount, currency });
  return html`<form method="post" action="/embed/purchase">${carried(view)}<input type="hidden" name="purchaseId" value="${purchaseId}"><button class="primary" name="step" value="review">${verdict === "allow" ? `Refund ${money}` : `Ask for a refund of ${money}`}</button></form>`;
}

function refundList(refunds: PanelPurchase["purchase"]["refunds"]): Markup | null {
  if (refunds.length === 0) return null;
  const rows = refunds.map((refund) => {
    const { label, tone } = wordOf(refund);
    return html`<li class="row soft"><span class="numeric">${formatMoney(refund)} · ${day.format(refund.requestedAt)}</span><span class="mark ${tone}">${label}</span></li>`;
  });
  return html`<ul aria-label="Earlier refunds">${rows}</ul>`;
}

/** What the customer told beside the address tells their purchases from those of whoever typed it. */
function proofForm(view: PanelView): Markup {
  return html`<form method="post" action="/embed/purchase"><input type="hidden" name="token" value="${view.token}"><label>Order number, last four digits, amount or day<input name="proof" value="${view.proof}" maxlength="100" autocomplete="off"></label><button name="step" value="view">Look again</button></form>`;
}

/** What every form of the panel sends back. */
export function carried({ token, proof }: Pick<PanelView, "token" | "proof">): Markup {
  return html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="proof" value="${proof}">`;
}
