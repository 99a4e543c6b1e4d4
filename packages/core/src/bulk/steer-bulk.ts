import { type BulkPausedCode, bulkRefundItems, type Transaction } from "@redress/database";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { type BulkRow, lockBulk, wrongState } from "./bulk-row.ts";
import { changeBulk } from "./change-bulk.ts";
import { queueRun } from "./decide-bulk.ts";

interface Steering {
  readonly bulkRefundId: string;
  readonly actor: Actor;
  readonly correlationId: string;
}

/**
 * Takes a list back before anybody approved it. An agent takes back only what its own key asked for.
 *
 * @throws RedressError `bulk_refund_not_found`, `bulk_refund_state`, `permission_denied`
 */
export async function withdrawBulk(dependencies: Dependencies, input: Steering): Promise<void> {
  await steer(dependencies, input, async (transaction, list) => {
    if (input.actor.kind === "agent" && input.actor.id !== list.requestedById) {
      throw new RedressError(
        "permission_denied",
        "Another key or a person asked for this list: they take it back.",
      );
    }
    if (list.status === "withdrawn") return;
    if (list.status !== "preparing" && list.status !== "awaiting_approval") {
      throw wrongState(list, "Only what nobody approved can be withdrawn. Cancel the rest of a run instead.");
    }
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "withdrawn", set: { expiresAt: null }, action: "bulk_refund_withdrawn", ...input },
    });
  });
}

/**
 * Stops a run between two lines: what Stripe was asked for already goes on by itself.
 *
 * @throws RedressError `bulk_refund_not_found`, `bulk_refund_state`
 */
export async function pauseBulk(dependencies: Dependencies, input: Steering): Promise<void> {
  await steer(dependencies, input, async (transaction, list) => {
    if (list.status === "paused") return;
    if (list.status !== "running") throw wrongState(list, "Only a list that runs can be paused.");
    await pauseList(dependencies, transaction, { ...input, list, pausedCode: "person" });
  });
}

/** Pauses a run that is locked. */
export async function pauseList(
  dependencies: Dependencies,
  transaction: Transaction,
  input: Omit<Steering, "bulkRefundId"> & { list: BulkRow; pausedCode: BulkPausedCode },
): Promise<void> {
  const { pausedCode, list, actor, correlationId } = input;
  await changeBulk(dependencies, transaction, {
    ...{ list, to: "paused", set: { pausedCode }, actor, action: "bulk_refund_paused", correlationId },
    details: { pausedCode },
  });
}

/**
 * Lets a paused run go on.
 *
 * @throws RedressError `bulk_refund_not_found`, `bulk_refund_state`
 */
export async function resumeBulk(dependencies: Dependencies, input: Steering): Promise<void> {
  await steer(dependencies, input, async (transaction, list) => {
    if (list.status === "running") return;
    if (list.status !== "paused") throw wrongState(list, "Only a paused run can go on.");
    if (list.pausedCode === "approver_gone") {
      throw new RedressError(
        "bulk_refund_state",
        "Somebody who approved this list may not approve it any more. Cancel the rest and ask for it anew.",
        { details: { status: list.status, pausedCode: list.pausedCode } },
      );
    }
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "running", action: "bulk_refund_resumed", ...input },
    });
    await queueRun(dependencies, transaction, list.id, input.correlationId);
  });
  dependencies.wakeOutbox();
}

/**
 * Gives up what is left of a list. What Stripe was asked for already stays and is finished.
 *
 * @throws RedressError `bulk_refund_not_found`, `bulk_refund_state`
 */
export async function cancelBulk(dependencies: Dependencies, input: Steering): Promise<void> {
  await steer(dependencies, input, async (transaction, list) => {
    if (list.status === "canceled") return;
    if (list.status !== "running" && list.status !== "paused") {
      throw wrongState(list, "Only a list that runs or is paused can be cancelled.");
    }
    const canceled = await dropRest(transaction, list.id);
    await changeBulk(dependencies, transaction, {
      ...{ list, to: "canceled", action: "bulk_refund_canceled", ...input },
      details: { canceled },
    });
  });
}

/** Gives up the lines that were not begun. @returns how many */
export async function dropRest(transaction: Transaction, bulkRefundId: string): Promise<number> {
  const rest = await transaction
    .update(bulkRefundItems)
    .set({ status: "canceled" })
    .where(and(eq(bulkRefundItems.bulkRefundId, bulkRefundId), eq(bulkRefundItems.status, "ready")))
    .returning({ position: bulkRefundItems.position });
  return rest.length;
}

async function steer(
  { database }: Dependencies,
  { bulkRefundId }: Steering,
  change: (transaction: Transaction, list: BulkRow) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) =>
    change(transaction, await lockBulk(transaction, bulkRefundId)),
  );
}
