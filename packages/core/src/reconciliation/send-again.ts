import { notifications, outboxMessages, refunds, stripeEvents, type Transaction } from "@redress/database";
import { and, eq, inArray, isNotNull, isNull, lte, notExists, or, sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { requeueEvent } from "../webhooks/requeue-event.ts";
import { recordDrift } from "./record-drift.ts";
import type { RunRow } from "./run.ts";
import type { StepResult } from "./step.ts";

/** What was due this long ago and had no effect was lost on its way. */
const effectGraceMs = 10 * 60 * 1000;
const most = 500;

/** Sends again what was due and had no effect: refunds to execute, notifications, events to handle. */
export async function sendAgainStep(dependencies: Dependencies, run: RunRow): Promise<StepResult> {
  const lost = new Date(dependencies.clock.now().getTime() - effectGraceMs);
  const sentAgain = await dependencies.database.transaction(async (transaction) => {
    const step = { dependencies, transaction, run, lost };
    return (await sendRefunds(step)) + (await sendNotifications(step)) + (await sendEvents(step));
  });
  dependencies.wakeOutbox();
  return { cursor: null, counts: { sentAgain }, requests: 0 };
}

interface SendAgain {
  readonly dependencies: Dependencies;
  readonly transaction: Transaction;
  readonly run: RunRow;
  readonly lost: Date;
}

async function sendRefunds({ dependencies, transaction, run, lost }: SendAgain): Promise<number> {
  const due = await transaction
    .select({ id: refunds.id, status: refunds.status, nextAttemptAt: refunds.nextAttemptAt })
    .from(refunds)
    .where(
      and(
        eq(refunds.appId, run.appId),
        inArray(refunds.status, ["approved", "executing", "blocked"]),
        lte(refunds.nextAttemptAt, lost),
        or(isNull(refunds.leaseUntil), lte(refunds.leaseUntil, lost)),
      ),
    )
    .limit(most);
  for (const { id, status, nextAttemptAt } of due) {
    const factKey = `refund-execution:${id}:reconciliation:${run.id}`;
    await enqueue(dependencies, transaction, {
      name: "refund/execution.due",
      factKey,
      data: { refundId: id },
    });
    await note(dependencies, transaction, run, id, { status, dueAt: nextAttemptAt }, id);
  }
  return due.length;
}

async function sendNotifications({ dependencies, transaction, run, lost }: SendAgain): Promise<number> {
  const due = await transaction
    .select({ id: notifications.id, refundId: notifications.refundId, dueAt: notifications.nextAttemptAt })
    .from(notifications)
    .where(
      and(
        eq(notifications.appId, run.appId),
        eq(notifications.status, "pending"),
        lte(notifications.nextAttemptAt, lost),
        or(isNull(notifications.leaseUntil), lte(notifications.leaseUntil, lost)),
      ),
    )
    .limit(most);
  for (const { id, refundId, dueAt } of due) {
    const factKey = `notify:${id}:reconciliation:${run.id}`;
    const data = { notificationId: id };
    await enqueue(dependencies, transaction, { name: "notification/delivery.due", factKey, data });
    await note(dependencies, transaction, run, id, { status: "pending", dueAt }, refundId ?? undefined);
  }
  return due.length;
}

/** Those that failed for good wait for a person, who may be the one that asked for this run. */
async function sendEvents({ dependencies, transaction, run, lost }: SendAgain): Promise<number> {
  const message = transaction
    .select({ id: outboxMessages.id })
    .from(outboxMessages)
    .where(
      and(
        eq(outboxMessages.factKey, sql`'stripe-event:' || ${stripeEvents.id}`),
        or(
          isNotNull(outboxMessages.sendAt),
          run.kind === "asked" ? undefined : isNotNull(outboxMessages.deadAt),
        ),
        run.kind === "asked" ? isNull(outboxMessages.deadAt) : undefined,
      ),
    );
  const unhandled = await transaction
    .select()
    .from(stripeEvents)
    .where(
      and(
        eq(stripeEvents.accountId, run.stripeAccountId),
        inArray(stripeEvents.status, ["received", "failed"]),
        isNull(stripeEvents.expungedAt),
        lte(stripeEvents.receivedAt, lost),
        notExists(message),
      ),
    )
    .limit(most);
  let count = 0;
  for (const event of unhandled) {
    if (!(await requeueEvent(dependencies, transaction, event))) continue;
    await note(dependencies, transaction, run, event.id, { type: event.type, status: event.status });
    count += 1;
  }
  return count;
}

function note(
  dependencies: Dependencies,
  transaction: Transaction,
  run: RunRow,
  subjectId: string,
  here: Record<string, unknown>,
  refundId: string | null = null,
): Promise<void> {
  return recordDrift(dependencies, transaction, run, {
    appId: run.appId,
    kind: "effect_missing",
    subjectId,
    refundId,
    here,
    rightSide: "desk",
    action: "sent_again",
  });
}
