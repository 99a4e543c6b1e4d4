import { outboxMessages } from "@redress/database";
import { eq } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { Workflow } from "../durable/port.ts";
import { openMail } from "../mail/queue-mail.ts";
import { completeMessage } from "../outbox/complete.ts";

/**
 * Sends one message. What the server does not take stays in the outbox and is sent again after its grace. A crash
 * between the server's yes and our commit sends it twice, under one Message-ID.
 */
export function mailSendingWorkflow(dependencies: Dependencies): Workflow<"mail/sending.due"> {
  return {
    id: "send-mail",
    on: "mail/sending.due",
    attempts: 1,
    async run({ messageId, data: { sealed }, step }) {
      await step.run("send", async () => {
        await dependencies.mail.send({ id: messageId, ...openMail(dependencies, sealed) });
      });
      await step.run("finish", async () => {
        await dependencies.database.transaction(async (transaction) => {
          await completeMessage(dependencies, transaction, messageId);
          // It holds a person's address and perhaps a way in, and is of no more use.
          await transaction
            .update(outboxMessages)
            .set({ data: { sealed: "" } })
            .where(eq(outboxMessages.id, messageId));
        });
      });
    },
  };
}
