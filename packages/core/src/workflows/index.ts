import type { Dependencies } from "../dependencies.ts";
import type { AnyWorkflow } from "../durable/port.ts";
import { agentTellingWorkflow } from "./agent-telling.ts";
import { approvalTellingWorkflow } from "./approval-telling.ts";
import { bulkExecutionWorkflow, bulkPreparationWorkflow } from "./bulk-refunds.ts";
import { bulkTellingWorkflow } from "./bulk-telling.ts";
import { mailSendingWorkflow } from "./mail-sending.ts";
import { notificationDeliveryWorkflow } from "./notification-delivery.ts";
import { purchaseImportWorkflow } from "./purchase-import.ts";
import { refundExecutionWorkflow } from "./refund-execution.ts";
import { stripeAccountWorkflow } from "./stripe-account.ts";
import { stripeChargeWorkflow } from "./stripe-charge.ts";
import { stripeDisputeWorkflow } from "./stripe-dispute.ts";
import { stripeFraudWarningWorkflow } from "./stripe-fraud-warning.ts";
import { stripeRefundWorkflow } from "./stripe-refund.ts";

/**
 * Every workflow of the desk, for whichever engine runs them.
 *
 * @param options how an import and the run of a list work, where it is not the usual way: a simulation owns its pauses
 */
export function allWorkflows(
  dependencies: Dependencies,
  options: {
    imports?: Parameters<typeof purchaseImportWorkflow>[1];
    bulks?: Parameters<typeof bulkExecutionWorkflow>[1];
  } = {},
): AnyWorkflow[] {
  return [
    stripeRefundWorkflow(dependencies),
    stripeChargeWorkflow(dependencies),
    stripeDisputeWorkflow(dependencies),
    stripeFraudWarningWorkflow(dependencies),
    stripeAccountWorkflow(dependencies),
    refundExecutionWorkflow(dependencies),
    notificationDeliveryWorkflow(dependencies),
    approvalTellingWorkflow(dependencies),
    agentTellingWorkflow(dependencies),
    mailSendingWorkflow(dependencies),
    purchaseImportWorkflow(dependencies, options.imports),
    bulkPreparationWorkflow(dependencies),
    bulkTellingWorkflow(dependencies),
    bulkExecutionWorkflow(dependencies, options.bulks),
  ];
}
