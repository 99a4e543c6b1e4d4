import type { Transaction } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import type { Step } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { postponeMessage } from "../outbox/postpone.ts";

/** An engine remembers every step of a run, and Inngest takes 1,000. */
const usualShifts = 400;
/** How long a shift takes: short enough for a host that bounds a request, and for its message not to be sent again meanwhile. */
export const shiftMs = 10_000;

/**
 * Long work as one workflow: shift by shift, until `work` says that nothing is left; the truth is in the database, so
 * that it goes on wherever it stood. After many shifts a message of its own goes on.
 *
 * @param run.shifts at most in one run; 400 unless told
 * @param run.goOn queues the message that goes on
 */
export async function inShifts(
  dependencies: Dependencies,
  run: {
    step: Step;
    messageId: string;
    shifts?: number;
    work: () => Promise<boolean>;
    goOn: (transaction: Transaction) => Promise<unknown>;
  },
): Promise<void> {
  const { step, messageId, shifts = usualShifts } = run;
  let isOver = false;
  for (let shift = 1; shift <= shifts && !isOver; shift += 1) {
    isOver = await step.run(`shift-${shift}`, async () => {
      // It is at work, not lost: the message need not be sent again.
      await postponeMessage(dependencies, messageId);
      return run.work();
    });
  }
  await step.run("finish", async () => {
    await dependencies.database.transaction(async (transaction) => {
      if (!isOver) await run.goOn(transaction);
      await completeMessage(dependencies, transaction, messageId);
    });
    if (!isOver) dependencies.wakeOutbox();
  });
}
