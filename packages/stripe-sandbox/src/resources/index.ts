import type { Route } from "../http/route.ts";
import { closeDispute, createDispute, createEarlyFraudWarning } from "./admin/dispute-operations.ts";
import { createCharge, seed, setBalance } from "./admin/payment-operations.ts";
import { advanceRefund, setRefundReference } from "./admin/refund-operations.ts";
import { customerRoutes } from "./customers/customer-routes.ts";
import { disputeRoutes } from "./disputes/dispute-routes.ts";
import { earlyFraudWarningRoutes } from "./disputes/early-fraud-warning-routes.ts";
import { applicationFeeRoutes } from "./fees/application-fee-routes.ts";
import { balanceRoutes } from "./money/balance-routes.ts";
import { chargeRoutes } from "./payments/charge-routes.ts";
import { paymentIntentRoutes } from "./payments/payment-intent-routes.ts";
import { refundRoutes } from "./refunds/refund-routes.ts";

export { resourceExpansions } from "./expansions.ts";
export { resourceLedger } from "./ledger.ts";
export { refundTimers as resourceTimers } from "./refunds/refund-timers.ts";

/** Every `/v1` route of the money resources. */
export const resourceRoutes: readonly Route[] = [
  ...paymentIntentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...earlyFraudWarningRoutes,
  ...balanceRoutes,
  ...customerRoutes,
  ...applicationFeeRoutes,
];

/** The admin operations of the money resources. */
export const resourceAdmin = {
  setBalance,
  seed,
  createCharge,
  advanceRefund,
  setRefundReference,
  createDispute,
  closeDispute,
  createEarlyFraudWarning,
};
