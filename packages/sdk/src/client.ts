import { Webhook } from "standardwebhooks";

export interface ClientOptions {
  /** Where Redress runs, e.g. `https://refunds.example.com`. */
  redressUrl: string;
  /** The app's slug in Redress. */
  app: string;
  /** The app's notification secret, `whsec_…`: it signs in both directions. */
  secret: string;
  fetch?: typeof fetch;
}

/** The request reached Redress and was refused, or did not reach it (`status` undefined: try again). */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly status: number | undefined;
  readonly code: string;

  constructor(message: string, code: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

/** What the app knows of a purchase and Stripe does not. One of the two ids names the charge. */
export interface PurchaseReport {
  stripeChargeId?: string;
  stripePaymentIntentId?: string;
  productName?: string;
  orderNumber?: string;
  customerEmail?: string;
  customerName?: string;
}

export interface AccessReport {
  /** The `id` of the message that asked for it. */
  notificationId: string;
  status: "done" | "declined";
  reason?: string;
}

export interface Client {
  /** Enriches a purchase that Redress has seen on the app's Stripe account. Safe to repeat. @throws ReportError */
  reportPurchase(report: PurchaseReport): Promise<{ purchaseId: string }>;
  /** Says later that access is as asked, after an answer of `received`. Safe to repeat. @throws ReportError */
  reportAccess(report: AccessReport): Promise<void>;
}

/** The app's line to Redress. Requests are signed like notifications (Standard Webhooks), the other way round. */
export function createClient(options: ClientOptions): Client {
  const webhook = new Webhook(options.secret);
  const base = `${options.redressUrl.replace(/\/+$/, "")}/api/v1/apps/${encodeURIComponent(options.app)}`;

  async function send(path: string, payload: object): Promise<Record<string, unknown>> {
    const body = JSON.stringify(payload);
    const id = `rpt_${crypto.randomUUID()}`;
    const now = new Date();
    const response = await (options.fetch ?? fetch)(`${base}/${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
        "webhook-signature": webhook.sign(id, now, body),
      },
      body,
    }).catch((cause: unknown) => {
      throw new ReportError(
        "Redress could not be reached. Try again later.",
        "unreachable",
        undefined,
        cause,
      );
    });
    const answer: Record<string, unknown> = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const error = (typeof answer.error === "object" && answer.error) || {};
    const code = "code" in error && typeof error.code === "string" ? error.code : "unexpected_answer";
    const message =
      "message" in error && typeof error.message === "string" ? error.message : response.statusText;
    throw new ReportError(message, code, response.status);
  }

  return {
    async reportPurchase(report) {
      const answer = await send("purchases", {
        type: "purchase.reported",
        data: {
          stripe_charge_id: report.stripeChargeId,
          stripe_payment_intent_id: report.stripePaymentIntentId,
          product_name: report.productName,
          order_number: report.orderNumber,
          customer_email: report.customerEmail,
          customer_name: report.customerName,
        },
      });
      return { purchaseId: String(answer.purchase_id) };
    },
    async reportAccess(report) {
      await send("access", {
        type: "access.reported",
        data: { notification_id: report.notificationId, status: report.status, reason: report.reason },
      });
    },
  };
}
