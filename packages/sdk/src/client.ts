import { sign } from "./signature.ts";

export interface ClientOptions {
  /** Where Redress runs, e.g. `https://refunds.example.com`. */
  redressUrl: string;
  /** The app's slug in Redress. */
  app: string;
  /** The app's notification secret, `whsec_…`: it signs in both directions. */
  secret: string;
  /** How long to wait for an answer; 10,000 unless told. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

/** The request reached Redress and was refused, or was not answered (`status` undefined). */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly status: number | undefined;
  readonly code: string;

  constructor(message: string, code: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }

  /** The same call may succeed later as it is: Redress was away or busy, or has not heard of the charge yet. */
  get isTemporary(): boolean {
    const { status, code } = this;
    return status === undefined || status >= 500 || status === 429 || code === "purchase_not_found";
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
  const base = `${options.redressUrl.replace(/\/+$/, "")}/api/v1/apps/${encodeURIComponent(options.app)}`;

  async function send(path: string, payload: object): Promise<Record<string, unknown>> {
    const body = JSON.stringify(payload);
    const id = `rpt_${crypto.randomUUID()}`;
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": await sign(options.secret, { id, timestamp, body }),
    };
    const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
    const response = await (options.fetch ?? fetch)(`${base}/${path}`, {
      method: "POST",
      headers,
      body,
      signal,
    }).catch(unreachable);
    const answer = await readAnswer(response);
    if (response.ok) return answer;
    throw refusal(response, answer);
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

function unreachable(cause: unknown): never {
  throw new ReportError("Redress could not be reached. Try again later.", "unreachable", undefined, cause);
}

async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  const answer: unknown = await response.json().catch(() => null);
  return typeof answer === "object" && answer !== null ? { ...answer } : {};
}

function refusal(response: Response, { error }: Record<string, unknown>): ReportError {
  const given = typeof error === "object" && error !== null ? error : {};
  const code = "code" in given && typeof given.code === "string" ? given.code : "unexpected_answer";
  const message =
    "message" in given && typeof given.message === "string" ? given.message : response.statusText;
  return new ReportError(message, code, response.status);
}
