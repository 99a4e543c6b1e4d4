import type {
  ApproverRole,
  AttemptOutcome,
  auditLogs,
  deliveries,
  notifications,
  RefundStatus,
  refunds,
  refundVerdicts,
} from "@redress/database";
import type { ApplicationFeeView } from "./application-fee.ts";

type NotificationRow = typeof notifications.$inferSelect;
type DeliveryRow = typeof deliveries.$inferSelect;

/** Who did something, with the name to show: a person's, or an agent's key's. Others have none. */
export interface ActorView {
  readonly kind: (typeof auditLogs.$inferSelect)["actorKind"];
  readonly id: string;
  readonly name: string | null;
}

/**
 * What became of the customer's access: `none` nothing to do (or nobody to tell), `told` the app knows
 * but has not said that it is done, `failed` the app could not be reached for days.
 */
export type RefundAccessStatus = "none" | "told" | "done" | "declined" | "failed";

/** A refund as a list shows it. Amounts are in the currency's smallest unit. */
export interface RefundSummary {
  readonly id: string;
  readonly app: { readonly id: string; readonly slug: string; readonly name: string };
  readonly purchaseId: string;
  readonly customerEmail: string | null;
  readonly customerName: string | null;
  readonly productName: string | null;
  readonly amount: number;
  readonly currency: string;
  /** The app's own code; of a refund that Stripe made, Stripe's. */
  readonly reason: string | null;
  readonly note: string | null;
  /** Where the customer wrote, as whoever asked gave it. */
  readonly ticketUrl: string | null;
  readonly status: RefundStatus;
  readonly origin: "redress" | "stripe";
  readonly requestedBy: ActorView;
  readonly requestedAt: Date;
  /** How many different persons have to approve it. */
  readonly approversNeeded: number;
  /** When an undecided request lapses. */
  readonly expiresAt: Date | null;
  readonly settledAt: Date | null;
  readonly stripeRefundId: string | null;
  readonly outcomeUnknown: boolean;
  readonly nextAttemptAt: Date | null;
  readonly refusedCode: string | null;
  readonly refusedMessage: string | null;
  readonly failureReason: string | null;
  readonly blockedCode: (typeof refunds.$inferSelect)["blockedCode"];
  readonly accessStatus: RefundAccessStatus;
}

export interface RefundApprovalView {
  readonly id: string;
  readonly decision: "approved" | "rejected";
  readonly decidedBy: ActorView;
  readonly decidedAt: Date;
  readonly selfApproved: boolean;
  readonly note: string | null;
}

/** An approval of a request that needs more than one. */
export interface EndorsementView {
  readonly by: ActorView;
  readonly at: Date;
  readonly note: string | null;
}

/** What somebody said about the refund. */
export interface RefundCommentView {
  readonly id: string;
  /** Counts those of the refund, from 1. */
  readonly number: number;
  readonly by: ActorView;
  readonly at: Date;
  /** Null: erased. */
  readonly text: string | null;
}

/** How policy judged the request, by which version and on which facts. */
export type RefundVerdictView = Pick<
  typeof refundVerdicts.$inferSelect,
  | "occasion"
  | "verdict"
  | "rule"
  | "approverRole"
  | "approvers"
  | "explanation"
  | "facts"
  | "judgedAt"
  | "policyVersionId"
>;

/** One call to Stripe about the refund. `outcome` is null while under way, or after a crash. */
export interface RefundAttemptView {
  readonly number: number;
  readonly kind: "create" | "look_up";
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: AttemptOutcome | null;
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly stripeRequestId: string | null;
  readonly replayed: boolean;
}

export interface RefundNotificationView
  extends Pick<
    NotificationRow,
    "id" | "type" | "status" | "access" | "createdAt" | "receivedAt" | "doneAt" | "answer"
  > {
  readonly deliveries: readonly Pick<
    DeliveryRow,
    "id" | "number" | "startedAt" | "finishedAt" | "httpStatus" | "errorCode"
  >[];
}

/** One entry of the audit log about the refund, oldest first. */
export interface RefundHistoryEntry {
  readonly at: Date;
  readonly actor: ActorView;
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Everything about one refund. */
export interface RefundDetail extends RefundSummary {
  readonly stripeAccountId: string;
  readonly stripeChargeId: string;
  readonly idempotencyKey: string | null;
  readonly bankReference: string | null;
  readonly pendingReason: string | null;
  /**
   * What the platform took of the purchase, and what becomes of this refund's share of it. Null: nothing, or (of a
   * refund made elsewhere) not known.
   */
  readonly applicationFee: ApplicationFeeView | null;
  /** Of one that failed: the newest other refund of the purchase that was asked for since and still counts. */
  readonly followedBy: { readonly id: string; readonly status: RefundStatus } | null;
  readonly approval: RefundApprovalView | null;
  /** Who may approve it. */
  readonly approverRole: ApproverRole;
  /** Those who have approved it in its present asking, before the one whose approval was enough. */
  readonly endorsements: readonly EndorsementView[];
  /** How many more have to approve; 0 once nothing waits. */
  readonly approvalsMissing: number;
  /** Oldest first. */
  readonly verdicts: readonly RefundVerdictView[];
  /** Oldest first. */
  readonly comments: readonly RefundCommentView[];
  readonly attempts: readonly RefundAttemptView[];
  readonly notifications: readonly RefundNotificationView[];
  readonly history: readonly RefundHistoryEntry[];
}
