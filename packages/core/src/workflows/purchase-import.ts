import { purchaseImports } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { postponeMessage } from "../outbox/postpone.ts";
import { type ImportRun, runImport } from "../purchases/run-import.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";

/** An engine remembers every step of a run, and Inngest takes 1,000. */
const usualShifts = 400;
/** Short enough for a host that bounds a request, and for its message not to be sent again meanwhile. */
const shiftMs = 10_000;

/**
 * What follows a connection: refunds that waited for it go on, then the account's charges are taken in, shift by
 * shift; the import's rows say how far that has come. After some shifts a message of its own goes on.
 *
 * @param options.shifts at most in one run; 400 unless told
 */
export function purchaseImportWorkflow(
  dependencies: Dependencies,
  { shifts = usualShifts, ...how }: { shifts?: number } & Partial<Omit<ImportRun, "importId">> = {},
): Workflow<"purchases/import.requested"> {
  return {
    id: "import-purchases",
    on: "purchases/import.requested",
    concurrencyKey: ({ appId }) => `import:${appId}`,
    attempts: 5,
    async run({ messageId, data: { appId }, step }) {
      await step.run("resume-refunds", () =>
        resumeBlocked(dependencies, { appId, correlationId: messageId }),
      );
      let finished = false;
      for (let shift = 1; shift <= shifts && !finished; shift += 1) {
        finished = await step.run(`shift-${shift}`, async () => {
          // It is at work, not lost: the message need not be sent again.
          await postponeMessage(dependencies, messageId);
          const importId = await runningImport(dependencies, appId);
          if (importId === null) return true;
          return (await runImport(dependencies, { forMs: shiftMs, ...how, importId })).over;
        });
      }
      await step.run("finish", () => finish(dependencies, { messageId, appId, again: !finished }));
    },
  };
}

async function runningImport({ database }: Dependencies, appId: string): Promise<string | null> {
  const [row] = await database
    .select({ id: purchaseImports.id })
    .from(purchaseImports)
    .where(and(eq(purchaseImports.appId, appId), eq(purchaseImports.status, "running")));
  return row?.id ?? null;
}

async function finish(
  dependencies: Dependencies,
  { messageId, appId, again }: { messageId: string; appId: string; again: boolean },
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    if (again) {
      await enqueue(dependencies, transaction, {
        name: "purchases/import.requested",
        factKey: `purchases.import:${appId}:after:${messageId}`,
        data: { appId },
      });
    }
    await completeMessage(dependencies, transaction, messageId);
  });
  if (again) dependencies.wakeOutbox();
}
