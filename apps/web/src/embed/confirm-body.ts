import { formatMoney } from "@redress/core/money";
import type { Reason } from "@redress/core/policy/policy-document";
import type { PurchaseDetail } from "@redress/core/purchases/purchase-view";
import type { RefundPolicyAnswer } from "@redress/core/tools/refund-policy";
import { customerName } from "../../components/customer-name.ts";
import { methodName } from "../../components/purchases/method.ts";
import { feeSentence } from "../../components/refunds/fee-sentence.ts";
import { html, type Markup } from "./html.ts";
import { carried, type PanelView } from "./panel-body.ts";

export interface Confirmation extends Pick<PanelView, "token" | "proof"> {
  readonly purchase: PurchaseDetail;
  readonly policy: RefundPolicyAnswer;
  readonly reasons: readonly Reason[];
}

/** Says who gets what, from whom and how, before anything is asked for. */
export function confirmBody(view: Confirmation): Markup {
  const { purchase, policy, reasons } = view;
  const money = formatMoney({ amount: policy.amount, currency: policy.currency });
  const method = methodName(purchase);
  const next =
    policy.verdict === "allow"
      ? "The policy allows it: it goes to Stripe at once, and cannot be taken back."
      : "It waits for an approval on the desk before it goes to Stripe.";
  const fee = policy.applicationFee === null ? null : html` ${feeSentence(policy.applicationFee)}`;
  return html`<section class="card"><h1>Refund <span class="numeric">${money}</span> to ${customerName(purchase)}${method === null ? null : html` on ${method}`}?</h1>
<p class="soft">${purchase.productName ?? "Purchase"}. Paid from ${purchase.app.name}’s Stripe account.${fee} ${next}</p>
<form method="post" action="/embed/purchase">${carried(view)}<input type="hidden" name="purchaseId" value="${purchase.id}"><input type="hidden" name="amount" value="${policy.amount}">
<label>Reason<select name="reason">${reasons.map(option)}</select></label>
<label>Note, for colleagues<textarea name="note" maxlength="1000"></textarea></label>
<div class="row"><button name="step" value="view">Back</button><button class="primary" name="step" value="confirm">${policy.verdict === "allow" ? `Refund ${money}` : `Ask for ${money}`}</button></div></form></section>`;
}

const option = ({ code, label, stripe }: Reason): Markup =>
  html`<option value="${code}">${label}${stripe === "fraudulent" ? " (Stripe also blocks the card)" : ""}</option>`;
