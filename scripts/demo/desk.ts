import type { Browser } from "./browser.ts";
import { eventually } from "./report.ts";

/** As much of Redress's REST answers as the story looks at. */
export interface Purchase {
  id: string;
  stripeChargeId: string;
  amountCaptured: number;
  amountLeft: number;
  currency: string;
  customerEmail: string | null;
  productName: string | null;
}

export interface Refund {
  id: string;
  status: string;
  amount: number;
  currency: string;
  stripeRefundId: string | null;
  idempotencyKey: string | null;
  accessStatus: string;
  failureReason: string | null;
  approval: { decidedBy: { kind: string } } | null;
  attempts: { outcome: string | null; kind: string }[];
  notifications: { id: string; type: string; status: string; access: string }[];
  history: { action: string; details: Record<string, unknown> }[];
}

export const findPurchases = async (desk: Browser, query: string, app: string) =>
  (
    await desk.call<{ purchases: Purchase[] }>(
      "GET",
      `/api/v1/purchases?${new URLSearchParams({ query, app, limit: "100" })}`,
    )
  ).purchases;

export const getPurchase = async (desk: Browser, id: string) =>
  (await desk.call<{ purchase: Purchase }>("GET", `/api/v1/purchases/${id}`)).purchase;

export const askForRefund = async (
  desk: Browser,
  request: { purchaseId: string; amount?: number; currency?: string; reason?: string; note?: string },
) => (await desk.call<{ refund: Refund }>("POST", "/api/v1/refunds", request)).refund;

export const getRefund = async (desk: Browser, id: string) =>
  (await desk.call<{ refund: Refund }>("GET", `/api/v1/refunds/${id}`)).refund;

export const approve = async (desk: Browser, id: string, note: string) =>
  (await desk.call<{ refund: Refund }>("POST", `/api/v1/refunds/${id}/approve`, { note })).refund;

/** A call that must be refused: the status and code of the error. */
export async function refusal(
  desk: Browser,
  path: string,
  json: unknown,
): Promise<{ status: number; code: string; message: string }> {
  const response = await desk.fetch(path, { method: "POST", json });
  const answer = (await response.json()) as { error?: { code?: string; message?: string } };
  return { status: response.status, code: answer.error?.code ?? "", message: answer.error?.message ?? "" };
}

/** Waits until the refund is as described. */
export const refundWhen = (desk: Browser, id: string, what: string, ready: (refund: Refund) => boolean) =>
  eventually(`Refund ${id}: ${what}`, async () => {
    const refund = await getRefund(desk, id);
    return ready(refund) ? refund : null;
  });

/** Whether a webhook has confirmed this state of the refund. */
export const confirmedByWebhook = (refund: Refund) =>
  refund.history.some(
    ({ action, details }) => action === "refund_confirmed" && details.source === "stripe_webhook",
  );
