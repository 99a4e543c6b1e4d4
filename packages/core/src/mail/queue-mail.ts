import type { Transaction } from "@redress/database";
import { z } from "zod";
import type { Dependencies, MailMessage } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";

const mailMessage = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  replyTo: z.string().optional(),
});

/**
 * Queues a message that leaves with the caller's commit, and is sent until the mail server takes it: at least
 * once, always under the same Message-ID. It stands sealed in the outbox, since its text may hold a link that lets
 * somebody in, until it was sent. Call `wakeOutbox` after the commit.
 *
 * @param input.factKey names the fact, e.g. `mail:invitation:inv_…:1`; a fact is told once
 * @returns the id of the outbox message, or null when this fact was queued before
 */
export async function queueMail(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets">,
  transaction: Transaction,
  input: { factKey: string; message: Omit<MailMessage, "id"> },
): Promise<string | null> {
  const sealed = dependencies.secrets.seal(JSON.stringify(mailMessage.parse(input.message)));
  return enqueue(dependencies, transaction, {
    name: "mail/sending.due",
    factKey: input.factKey,
    data: { sealed },
  });
}

/**
 * Opens what `queueMail` sealed.
 *
 * @throws Error when it was sealed under another REDRESS_SECRET
 */
export function openMail({ secrets }: Pick<Dependencies, "secrets">, sealed: string): MailMessage {
  const { html, replyTo, ...rest } = mailMessage.parse(JSON.parse(secrets.open(sealed)));
  return {
    ...rest,
    ...(html === undefined ? {} : { html }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}
