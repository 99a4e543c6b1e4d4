export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default "127.0.0.1". */
  host?: string;
  /** The state survives a restart when given. */
  dataDirectory?: string;
  /** Epoch milliseconds; the sandbox clock is this plus an offset that the admin API moves. */
  now?: () => number;
  /** Ids and keys are drawn from a seeded generator (default: random). */
  seed?: number;
  /** Default 0 = off (Stripe's test mode: 25). */
  rateLimitPerSecond?: number;
  /** Refunds created a second, beside that; default 0 = off (Stripe limits single endpoints too). */
  refundLimitPerSecond?: number;
  /** Does `charge.amount_refunded` rise while a refund is pending? Not confirmed of Stripe; default true. */
  pendingRefundRaisesAmountRefunded?: boolean;
}
