import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { postponeMessage } from "../outbox/postpone.ts";
import { importPurchasePage } from "../purchases/import-purchases.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";

/** Stripe's lists are 100 a page: enough for a hundred million charges, and an end for what has none. */
const mostPages = 1_000_000;

/**
 * What follows a connection: refunds that waited for it go on, then the account's charges are taken in page
 * by page; the app's row says how far that has come.
 */
export function purchaseImportWorkflow(dependencies: Dependencies): Workflow<"purchases/import.requested"> {
  return {
    id: "import-purchases",
    on: "purchases/import.requested",
    concurrencyKey: ({ appId }) => `import:${appId}`,
    attempts: 5,
    async run({ messageId, data: { appId }, step }) {
      await step.run("resume-refunds", () =>
        resumeBlocked(dependencies, { appId, correlationId: messageId }),
      );
      for (let page = 1; page <= mostPages; page += 1) {
        const { done, pauseMs } = await step.run(`page-${page}`, async () => {
          // It is at work, not lost: the message need not be sent again.
          await postponeMessage(dependencies, messageId);
          return importPurchasePage(dependencies, { appId });
        });
        if (done) break;
        if (pauseMs > 0) await step.sleep(`pause-${page}`, pauseMs);
      }
      await step.run("finish", () => completeMessage(dependencies, dependencies.database, messageId));
    },
  };
}
