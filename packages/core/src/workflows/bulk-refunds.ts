import type { Transaction } from "@redress/database";
import { queueRun } from "../bulk/decide-bulk.ts";
import { prepareList } from "../bulk/prepare-list.ts";
import { type BulkRun, runBulk } from "../bulk/run-bulk.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Step, Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { postponeMessage } from "../outbox/postpone.ts";

/** An engine remembers every step of a run, and Inngest takes 1,000. */
const mostShifts = 400;
/** Short enough for a host that bounds a request, and for its message not to be sent again meanwhile. */
const shiftMs = 10_000;

/** Judges the lines of a list, shift by shift; after many a message of its own goes on. */
export function bulkPreparationWorkflow(dependencies: Dependencies): Workflow<"bulk/preparation.due"> {
  return {
    id: "prepare-bulk-refund",
    on: "bulk/preparation.due",
    concurrencyKey: ({ bulkRefundId }) => `bulk-preparation:${bulkRefundId}`,
    attempts: 5,
    async run({ messageId, data: { bulkRefundId }, step }) {
      const isOver = await inShifts(dependencies, { step, messageId }, () =>
        prepareList(dependencies, { bulkRefundId, forMs: shiftMs, correlationId: messageId }),
      );
      await step.run("finish", () =>
        finish(dependencies, messageId, async (transaction) => {
          if (isOver) return;
          const factKey = `bulk.prepare:${bulkRefundId}:after:${messageId}`;
          await enqueue(dependencies, transaction, {
            ...{ name: "bulk/preparation.due", factKey, data: { bulkRefundId } },
          });
        }),
      );
    },
  };
}

/**
 * Runs an approved list, shift by shift, so that a run of any length is one workflow rather than one for each refund.
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
      const isOver = await inShifts(dependencies, { step, messageId }, async () => {
        const run = { ...how, bulkRefundId, forMs: shiftMs, correlationId: messageId };
        return (await runBulk(dependencies, run)).over;
      });
      await step.run("finish", () =>
        finish(dependencies, messageId, async (transaction) => {
          if (!isOver) await queueRun(dependencies, transaction, bulkRefundId, `after:${messageId}`);
        }),
      );
    },
  };
}

async function inShifts(
  dependencies: Dependencies,
  { step, messageId }: { step: Step; messageId: string },
  work: () => Promise<boolean>,
): Promise<boolean> {
  for (let shift = 1; shift <= mostShifts; shift += 1) {
    const isOver = await step.run(`shift-${shift}`, async () => {
      // It is at work, not lost: the message need not be sent again.
      await postponeMessage(dependencies, messageId);
      return work();
    });
    if (isOver) return true;
  }
  return false;
}

async function finish(
  dependencies: Dependencies,
  messageId: string,
  goOn: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    await goOn(transaction);
    await completeMessage(dependencies, transaction, messageId);
  });
  dependencies.wakeOutbox();
}
