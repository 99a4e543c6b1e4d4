import { apps, notifications, outboxMessages, purchaseImports, stripeEvents } from "@redress/database";
import { and, eq, inArray, isNotNull, isNull, lte, notExists, or, sql } from "drizzle-orm";
import { readMovements } from "../accounting/read-movements.ts";
import { remindApprovers } from "../approvals/remind-approvers.ts";
import { anchorAudit } from "../audit/anchor-audit.ts";
import { expungeAddresses } from "../audit/note-address.ts";
import { sealAudit } from "../audit/seal-audit.ts";
import { expireBulks, requeueBulks } from "../bulk/tend-bulks.ts";
import type { Dependencies } from "../dependencies.ts";
import { foldPaidChanges } from "../figures/paid-totals.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { lapseProposals } from "../proposals/lapse-proposals.ts";
import { reconcileDue } from "../reconciliation/reconcile-due.ts";
import { dueRefunds } from "../refunds/due-refunds.ts";
import { expireRefunds } from "../refunds/expire-refunds.ts";
import { pollPending } from "../refunds/poll-pending.ts";
import { expungeEvents } from "../webhooks/expunge-events.ts";
import { requeueEvent } from "../webhooks/requeue-event.ts";

/** What is due this long was lost on its way: its own message should have come before. */
const overdueMs = 30_000;
const eventOverdueMs = 600_000;
/** The same lost work is queued again at most this often. */
const requeueEveryMs = 600_000;
/** Longer than the lease of a stretch: nobody is at work there any more. */
const importOverdueMs = 300_000;
const batchSize = 200;

export interface Sweeper {
  start(): void;
  stop(): Promise<void>;
}

/** Sweeps now and then until it is stopped; the pause counts from the end of one sweep. */
export function createSweeper(dependencies: Dependencies, { intervalMs }: { intervalMs: number }): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = true;
  const next = () => {
    running = sweep(dependencies).then(() => {
      if (!stopped) timer = setTimeout(next, intervalMs);
    });
  };
  return {
    start() {
      stopped = false;
      next();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/**
 * Puts right what a crash, an engine or a lost message left behind: the truth is in the rows, and each
 * says what is due. One part that fails does not keep the others.
 */
export async function sweep(dependencies: Dependencies): Promise<void> {
  const correlationId = newId(dependencies.random, "correlation");
  const parts: Record<string, () => Promise<unknown>> = {
    requests: () => expireRefunds(dependencies, { correlationId }),
    reminders: () => remindApprovers(dependencies, { correlationId }),
    refunds: () => requeueRefunds(dependencies),
    pending: () => pollPending(dependencies, { correlationId }),
    notifications: () => requeueNotifications(dependencies),
    events: () => requeueEvents(dependencies),
    imports: () => requeueImports(dependencies),
    lists: () => expireBulks(dependencies, { correlationId }),
    runs: () => requeueBulks(dependencies),
    proposals: () => lapseProposals(dependencies, { correlationId }),
    reconciliation: () => reconcileDue(dependencies),
    movements: () => readMovements(dependencies),
    paid: () => foldPaidChanges(dependencies),
    audit: () => sealAudit(dependencies),
    anchors: () => anchorAudit(dependencies),
    addresses: () => expungeAddresses(dependencies),
    retention: () => expungeEvents(dependencies),
  };
  for (const [part, run] of Object.entries(parts)) {
    try {
      await run();
    } catch (error) {
      dependencies.logger.error({ err: error, part }, "A sweep failed; it is tried again shortly.");
    }
  }
  dependencies.wakeOutbox();
}

function ago({ clock }: Dependencies, milliseconds: number): Date {
  return new Date(clock.now().getTime() - milliseconds);
}

function period({ clock }: Dependencies): number {
  return Math.floor(clock.now().getTime() / requeueEveryMs);
}

async function requeueRefunds(dependencies: Dependencies): Promise<void> {
  const overdue = { ...dependencies, clock: { now: () => ago(dependencies, overdueMs) } };
  const refundIds = await dueRefunds(overdue, { limit: batchSize });
  if (refundIds.length === 0) return;
  await dependencies.database.transaction(async (transaction) => {
    for (const refundId of refundIds) {
      const factKey = `refund-execution:${refundId}:sweep:${period(dependencies)}`;
      await enqueue(dependencies, transaction, { name: "refund/execution.due", factKey, data: { refundId } });
    }
  });
}

async function requeueNotifications(dependencies: Dependencies): Promise<void> {
  const now = dependencies.clock.now();
  const { database } = dependencies;
  const addressedNow = database.select({ id: apps.id }).from(apps).where(isNotNull(apps.notificationUrl));
  await database
    .update(notifications)
    .set({ status: "pending", nextAttemptAt: ago(dependencies, overdueMs) })
    .where(and(eq(notifications.status, "unaddressed"), inArray(notifications.appId, addressedNow)));
  const overdue = await database
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        lte(notifications.nextAttemptAt, ago(dependencies, overdueMs)),
        eq(notifications.status, "pending"),
        or(isNull(notifications.leaseUntil), lte(notifications.leaseUntil, now)),
      ),
    )
    .limit(batchSize);
  if (overdue.length === 0) return;
  await database.transaction(async (transaction) => {
    for (const { id } of overdue) {
      const factKey = `notify:${id}:sweep:${period(dependencies)}`;
      const data = { notificationId: id };
      await enqueue(dependencies, transaction, { name: "notification/delivery.due", factKey, data });
    }
  });
}

/** Imports that stand still: their message was lost, or all tries of its workflow were in vain. */
async function requeueImports(dependencies: Dependencies): Promise<void> {
  const overdue = await dependencies.database
    .select({ id: purchaseImports.id, appId: purchaseImports.appId })
    .from(purchaseImports)
    .where(
      and(
        eq(purchaseImports.status, "running"),
        lte(purchaseImports.updatedAt, ago(dependencies, importOverdueMs)),
      ),
    )
    .limit(batchSize);
  if (overdue.length === 0) return;
  await dependencies.database.transaction(async (transaction) => {
    for (const { id, appId } of overdue) {
      const factKey = `purchases.import:${id}:sweep:${period(dependencies)}`;
      const data = { appId };
      await enqueue(dependencies, transaction, { name: "purchases/import.requested", factKey, data });
    }
  });
}

/** Events that nothing is left to handle: neither a message that is to be sent, nor a dead one to look at. */
async function requeueEvents(dependencies: Dependencies): Promise<void> {
  const message = dependencies.database
    .select({ id: outboxMessages.id })
    .from(outboxMessages)
    .where(
      and(
        eq(outboxMessages.factKey, sql`'stripe-event:' || ${stripeEvents.id}`),
        or(isNotNull(outboxMessages.sendAt), isNotNull(outboxMessages.deadAt)),
      ),
    );
  await dependencies.database.transaction(async (transaction) => {
    const lost = await transaction
      .select({ id: stripeEvents.id, expungedAt: stripeEvents.expungedAt })
      .from(stripeEvents)
      .where(
        and(
          inArray(stripeEvents.status, ["received", "failed"]),
          isNull(stripeEvents.expungedAt),
          lte(stripeEvents.receivedAt, ago(dependencies, eventOverdueMs)),
          notExists(message),
        ),
      )
      .limit(batchSize);
    for (const event of lost) await requeueEvent(dependencies, transaction, event);
  });
}
