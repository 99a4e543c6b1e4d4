import type { refunds } from "@redress/database";
import type { DisputeState } from "./policy-document.ts";

/** What policy looks at of a refund, or of one that is only thought of. */
export type JudgedRefund = Pick<
  typeof refunds.$inferSelect,
  | "id"
  | "appId"
  | "purchaseId"
  | "amount"
  | "currency"
  | "reason"
  | "requestedByKind"
  | "requestedById"
  | "requestedAt"
>;

/**
 * What a request is judged by. It is kept with the verdict, so it names nobody. Null: not known, which is
 * not the same as none.
 */
export interface PolicyFacts {
  /** What is asked for, with what policy has let out for the same purchase before; smallest unit. */
  readonly amount: number;
  readonly currency: string;
  /** Milliseconds since the purchase. */
  readonly ageMs: number;
  readonly product: string | null;
  /** The app's own code. */
  readonly reason: string | null;
  readonly requester: "person" | "agent";
  readonly dispute: DisputeState;
  /** The customer's, for each window that the policy asks for; null when the purchase names no customer. */
  readonly earlierRefunds: readonly EarlierRefunds[] | null;
}

export interface EarlierRefunds {
  readonly withinDays: number;
  /** In all currencies. */
  readonly count: number;
  /** Of those in the currency of the request; smallest unit. */
  readonly amount: number;
}
