import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { completeMessage } from "../outbox/complete.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { postponeMessage } from "../outbox/postpone.ts";
import { importPurchasePage } from "../purchases/import-purchases.ts";
import { resumeBlocked } from "../refunds/resume-refunds.ts";

/** An engine remembers every step of a run, and Inngest takes 1,000: a page and its pause are two. */
const usualPages = 400;

/**
 * What follows a connection: refunds that waited for it go on, then the account's charges are taken in page
 * by page; the app's row says how far that has come. After some pages a message of its own goes on.
 *
 * @param options.pages at most in one run; 400 unless told
 */
export function purchaseImportWorkflow(
  dependencies: Dependencies,
  { pages = usualPages }: { pages?: number } = {},
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
      for (let page = 1; page <= pages && !finished; page += 1) {
        const { done, pauseMs } = await step.run(`page-${page}`, async () => {
          // It is at work, not lost: the message need not be sent again.
          await postponeMessage(dependencies, messageId);
          return importPurchasePage(dependencies, { appId });
        });
        finished = done;
        if (!done && pauseMs > 0) await step.sleep(`pause-${page}`, pauseMs);
      }
      await step.run("finish", () => finish(dependencies, { messageId, appId, again: !finished }));
    },
  };
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
