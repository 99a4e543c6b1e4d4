import { z } from "zod";

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
}

/** What Stripe itself made of a call, whatever became of its answer on the way. */
export interface Reached {
  readonly atMs: number;
  readonly requestId: string;
  readonly status: number;
  readonly errorType: string | null;
}

/** A request for a refund as it left the desk, whatever became of it. */
export interface SentRefund {
  readonly refundId: string;
  readonly approvalId: string;
  readonly key: string | null;
  readonly account: string | null;
  readonly amount: number;
  readonly body: string;
  readonly atMs: number;
  /** Null while it has not come to Stripe, which may be for ever. */
  reached: Reached | null;
}

/** A list of a charge's refunds that the desk read. */
export interface LookUp {
  readonly account: string | null;
  readonly charge: string;
  readonly atMs: number;
}

export function readSent({ headers, body = "" }: WireRequest, atMs: number): SentRefund {
  const form = new URLSearchParams(body);
  return {
    refundId: form.get("metadata[redress_refund_id]") ?? "",
    approvalId: form.get("metadata[redress_approval_id]") ?? "",
    key: headers.get("idempotency-key"),
    account: headers.get("stripe-account"),
    amount: Number(form.get("amount")),
    body,
    atMs,
    reached: null,
  };
}

const errorSchema = z.object({ error: z.object({ type: z.string() }) });

export function readReached({ status, headers, body }: WireAnswer, atMs: number): Reached {
  const error = status < 400 ? undefined : errorSchema.safeParse(parse(body)).data?.error;
  const requestId = new Headers(headers).get("request-id") ?? "";
  return { atMs, requestId, status, errorType: error?.type ?? null };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

export function readLookUp({ method, path, headers }: WireRequest, atMs: number): LookUp | null {
  const { pathname, searchParams } = new URL(path, "http://stripe");
  const charge = searchParams.get("charge");
  if (method !== "GET" || pathname !== "/v1/refunds" || charge === null) return null;
  return { account: headers.get("stripe-account"), charge, atMs };
}
