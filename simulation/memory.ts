/** What somebody asked for under one request key, and what the desk answered. */
export interface RememberedRequest {
  readonly chargeId: string;
  readonly requesterId: string;
  /** Who answers for the requester. */
  readonly owner: string;
  /** Null: all that is left. */
  readonly asked: number | null;
  /** Every refund that an answer named, with its amount. It is one, however often somebody clicked. */
  readonly accepted: Map<string, number>;
}

/** What people did, as they remember it: the desk's own rows have no part in it. */
export interface Memory {
  readonly requests: Map<string, RememberedRequest>;
  /** Refunds whose withdrawal or rejection was confirmed to somebody. */
  readonly ended: Map<string, "withdrawn" | "rejected">;
  /** `refund id/operator id` of each approval that somebody tried to give, with the amount on their page. */
  readonly approvals: Map<string, number>;
  /** `refund id/operator id` of each approval that was confirmed to somebody. */
  readonly approved: Set<string>;
  /** `refund id/operator id` of each wait that somebody tried to end. */
  readonly supersessions: Set<string>;
  /** Refunds that somebody was told are replaced, with the one that took their place, and when. */
  readonly superseded: Map<string, { readonly successor: string; readonly atMs: number }>;
  /** Refunds of merchants' own that got the metadata of a refund of ours. */
  readonly copies: { readonly stripeRefundId: string; readonly refundId: string; readonly account: string }[];
  /** Refunds that somebody tried to withdraw. */
  readonly withdrawals: Set<string>;
  /** When an app's refunds were confirmed to be stopped, and when somebody first clicked to let them run again. */
  readonly stops: { readonly appId: string; readonly fromMs: number; untilMs: number | null }[];
  /** Each click that lets an app's refunds run again, and the process that it reached. */
  readonly releases: { readonly appId: string; readonly process: object | null; isOver: boolean }[];
  /** Errors that no person should ever see. */
  readonly defects: string[];
}

export function createMemory(): Memory {
  return {
    requests: new Map(),
    ended: new Map(),
    approvals: new Map(),
    approved: new Set(),
    supersessions: new Set(),
    superseded: new Map(),
    copies: [],
    withdrawals: new Set(),
    stops: [],
    releases: [],
    defects: [],
  };
}
