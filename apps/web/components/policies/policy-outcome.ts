import type { RefundStatus, VerdictKind } from "@redress/database";

/** A past request of which a draft says something else than was said then. */
export interface ChangedRequest {
  readonly refundId: string;
  /** "5 Nov" */
  readonly asked: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: RefundStatus;
  /** Null: none was kept. */
  readonly before: VerdictKind | null;
  readonly after: VerdictKind;
  /** Which rule of the draft decides, in a sentence. */
  readonly explanation: string;
}

export interface Tried {
  readonly step: "tried";
  /** Slug of the app whose requests these were. */
  readonly app: string;
  readonly appName: string;
  /** How many requests were judged. */
  readonly total: number;
  readonly counts: Readonly<Record<VerdictKind, number>>;
  /** Newest first. */
  readonly changed: readonly ChangedRequest[];
}

/** What came of a sent draft. */
export type PolicyOutcome = Tried | { readonly step: "saved"; readonly version: number };
