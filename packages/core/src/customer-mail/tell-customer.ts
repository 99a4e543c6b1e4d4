import {
  apps,
  type CustomerMailKind,
  customerMailSettings,
  customerMails,
  purchases,
  type RefundStatus,
  type Transaction,
} from "@redress/database";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { queueMail } from "../mail/queue-mail.ts";
import type { RefundRow } from "../refunds/refund-row.ts";
import { defaultTemplates } from "./default-templates.ts";
import { valuesOf } from "./mail-facts.ts";
import { renderTemplate } from "./template.ts";

/**
 * Writes to the customer what became of a refund, where the app wants that, in the transaction of the change. Told is
 * only what is known to be so at Stripe: a refund that is about to be sent may still be refused.
 *
 * @param about.refund as it is now
 * @param about.madeAt of a refund that was made elsewhere: of one from before the app came, nobody is told
 */
export async function tellCustomer(
  dependencies: Pick<Dependencies, "clock" | "random" | "secrets" | "mail" | "origin">,
  transaction: Transaction,
  { refund, correlationId, madeAt }: { refund: RefundRow; correlationId: string; madeAt?: Date },
): Promise<void> {
  const kinds = kindsOf[refund.status];
  if (kinds === undefined || dependencies.mail.way === "none") return;
  const wanted = await readWanted(transaction, refund.appId);
  const kind = kinds.find((one) => wanted.has(one));
  if (kind === undefined) return;
  const facts = await readFacts(transaction, refund);
  if (facts.to === null || (madeAt !== undefined && isHistory(facts, madeAt))) return;
  if (!(await isFirst(dependencies, transaction, { refund, kind }))) return;
  const { subject, body } = defaultTemplates[kind];
  const own = wanted.get(kind);
  const template = { subject: own?.subject ?? subject, body: own?.body ?? body };
  const text = renderTemplate(template, valuesOf({ ...facts, refund, at: dependencies.clock.now() }));
  const replyTo = facts.app.customerMailReplyTo;
  await queueMail(dependencies, transaction, {
    factKey: `mail:customer:${refund.id}:${kind}`,
    message: {
      to: facts.to,
      subject: text.subject,
      text: text.body,
      ...(replyTo === null ? {} : { replyTo }),
    },
  });
  await recordAudit(dependencies, transaction, {
    actor: systemActor("mail"),
    action: "customer_mail_queued",
    correlationId,
    appId: refund.appId,
    purchaseId: refund.purchaseId,
    refundId: refund.id,
    details: { kind },
  });
}

/** The first that is wanted is told: who hears that it was paid need not hear in the same second that it began. */
const kindsOf: Partial<Record<RefundStatus, readonly CustomerMailKind[]>> = {
  pending: ["started"],
  requires_action: ["started"],
  succeeded: ["succeeded", "started"],
  failed: ["failed"],
  canceled: ["failed"],
};

type Words = Pick<typeof customerMailSettings.$inferSelect, "kind" | "subject" | "body">;

async function readWanted(
  transaction: Transaction,
  appId: string,
): Promise<ReadonlyMap<CustomerMailKind, Words>> {
  const rows = await transaction
    .select()
    .from(customerMailSettings)
    .where(and(eq(customerMailSettings.appId, appId), eq(customerMailSettings.wanted, true)));
  return new Map(rows.map((row) => [row.kind, row]));
}

/** One address and nothing else: a list, or a name with one, would write to others. */
const address = z.email().max(320);

async function readFacts(transaction: Transaction, refund: RefundRow) {
  const [row] = await transaction
    .select({ app: apps, purchase: purchases })
    .from(purchases)
    .innerJoin(apps, eq(apps.id, purchases.appId))
    .where(eq(purchases.id, refund.purchaseId));
  if (!row) throw new Error(`refund ${refund.id} lost its purchase or app`);
  const read = address.safeParse(row.purchase.customerEmail?.trim());
  return { ...row, to: read.success ? read.data : null };
}

/** Clocks of two companies differ. */
const clockSkewMs = 5 * 60 * 1000;

/** Whichever way it comes in: who connects an account must not have years of refunds told to its customers. */
function isHistory({ app, purchase }: Awaited<ReturnType<typeof readFacts>>, madeAt: Date): boolean {
  const known = Math.min(
    purchase.createdAt.getTime(),
    app.connectedAt?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  return madeAt.getTime() < known - clockSkewMs;
}

/** The primary key decides, so that a fact is told once whoever reports it, and however often. */
async function isFirst(
  { clock }: Pick<Dependencies, "clock">,
  transaction: Transaction,
  { refund, kind }: { refund: RefundRow; kind: CustomerMailKind },
): Promise<boolean> {
  const told = await transaction
    .insert(customerMails)
    .values({ refundId: refund.id, kind, queuedAt: clock.now() })
    .onConflictDoNothing()
    .returning({ kind: customerMails.kind });
  return told.length > 0;
}
