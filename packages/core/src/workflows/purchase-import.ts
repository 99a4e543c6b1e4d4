import { purchaseImports } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { type ImportRun, runImport } from "../purchases/run-import.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";
import { inShifts, shiftMs } from "./in-shifts.ts";

/**
 * What follows a connection: refunds that waited for it go on, then the account's charges are taken in, shift by
 * shift; the import's rows say how far that has come. After some shifts a message of its own goes on.
 *
 * @param options.shifts at most in one run; 400 unless told
 */
export function purchaseImportWorkflow(
  dependencies: Dependencies,
  { shifts, ...how }: { shifts?: number } & Partial<Omit<ImportRun, "importId">> = {},
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
      await inShifts(dependencies, {
        ...{ step, messageId },
        ...(shifts !== undefined && { shifts }),
        work: async () => {
          const importId = await runningImport(dependencies, appId);
          if (importId === null) return true;
          return (await runImport(dependencies, { forMs: shiftMs, ...how, importId })).over;
        },
        goOn: (transaction) =>
          enqueue(dependencies, transaction, {
            name: "purchases/import.requested",
            factKey: `purchases.import:${appId}:after:${messageId}`,
            data: { appId },
          }),
      });
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
