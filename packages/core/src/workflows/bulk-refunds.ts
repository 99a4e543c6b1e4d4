import { queueRun } from "../bulk/decide-bulk.ts";
import { prepareList } from "../bulk/prepare-list.ts";
import { type BulkRun, runBulk } from "../bulk/run-bulk.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { inShifts, shiftMs } from "./in-shifts.ts";

/** Judges the lines of a list. */
export function bulkPreparationWorkflow(dependencies: Dependencies): Workflow<"bulk/preparation.due"> {
  return {
    id: "prepare-bulk-refund",
    on: "bulk/preparation.due",
    concurrencyKey: ({ bulkRefundId }) => `bulk-preparation:${bulkRefundId}`,
    attempts: 5,
    async run({ messageId, data: { bulkRefundId }, step }) {
      await inShifts(dependencies, {
        ...{ step, messageId },
        work: () => prepareList(dependencies, { bulkRefundId, forMs: shiftMs, correlationId: messageId }),
        goOn: (transaction) =>
          enqueue(dependencies, transaction, {
            name: "bulk/preparation.due",
            factKey: `bulk.prepare:${bulkRefundId}:after:${messageId}`,
            data: { bulkRefundId },
          }),
      });
    },
  };
}

/**
 * Runs an approved list: a run of any length is one workflow rather than one for each refund.
 *
 * @param how how it works, where it is not the usual way: a simulation owns its pauses
 */
export function bulkExecutionWorkflow(
  dependencies: Dependencies,
  how: Partial<Pick<BulkRun, "parallel" | "pause">> = {},
): Workflow<"bulk/execution.due"> {
  return {
    id: "run-bulk-refund",
    on: "bulk/execution.due",
    concurrencyKey: ({ bulkRefundId }) => `bulk-execution:${bulkRefundId}`,
    attempts: 5,
    async run({ messageId, data: { bulkRefundId }, step }) {
      await inShifts(dependencies, {
        ...{ step, messageId },
        work: async () => {
          const run = { ...how, bulkRefundId, forMs: shiftMs, correlationId: messageId };
          return (await runBulk(dependencies, run)).over;
        },
        goOn: (transaction) => queueRun(dependencies, transaction, bulkRefundId, `after:${messageId}`),
      });
    },
  };
}
