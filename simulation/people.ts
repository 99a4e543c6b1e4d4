import { approveRefund } from "@redress/core/approvals/approve-refund";
import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { requestRefund } from "@redress/core/refunds/request-refund";
import { supersedeRefund } from "@redress/core/refunds/supersede-refund";
import { withdrawRefund } from "@redress/core/refunds/withdraw-refund";
import { replayEvent } from "@redress/core/webhooks/replay-event";
import type { Chance } from "./chance.ts";
import { clicking, repeat } from "./clicks.ts";
import type { Action } from "./plan.ts";
import { deciders, requesters } from "./setting.ts";
import type { World } from "./world.ts";

export function playRequest(world: World, chance: Chance, action: Action): void {
  const charge = chance.pick(world.charges);
  const requester = chance.pick(requesters);
  const asked = chance.pick([
    null,
    charge.amount,
    charge.amount / 2,
    charge.amount / 2,
    chance.between(1, charge.amount + 200),
  ]);
  const requestKey = `request ${action.number}`;
  const owner = requester.kind === "agent" ? requester.ownerId : requester.id;
  const accepted = new Map<string, number>();
  const remembered = { chargeId: charge.id, requesterId: requester.id, owner, asked, accepted };
  world.memory.requests.set(requestKey, remembered);
  const name = `${requester.id} asks for ${asked ?? "all"} of ${charge.id} (${requestKey})`;
  repeat(chance, () => {
    clicking(world, name, action, 3, async (dependencies) => {
      const purchaseId = await lookUpPurchase(world, charge.id);
      if (purchaseId === null) return;
      const refund = await requestRefund(dependencies, {
        requester,
        purchaseId,
        amount: asked === null ? undefined : { amount: asked, currency: charge.currency },
        requestKey,
        correlationId: `cor_action_${action.number}`,
      });
      accepted.set(refund.id, refund.amount);
    });
  });
}

export function playDecision(
  world: World,
  chance: Chance,
  action: Action,
  decision: "approve" | "reject",
): void {
  const operatorId = chance.pick(deciders);
  const place = chance.below(4);
  const correlationId = `cor_action_${action.number}`;
  repeat(chance, () => {
    clicking(world, `${operatorId} ${decision}s`, action, 2, async (dependencies) => {
      const shown = await lookUpRefund(world, "status = 'awaiting_approval'", place);
      if (shown === null) return;
      const { id: refundId } = shown;
      if (decision === "approve") {
        const click = `${refundId}/${operatorId}`;
        world.memory.approvals.set(click, shown.amount);
        await approveRefund(dependencies, { refundId, operatorId, correlationId });
        world.memory.approved.add(click);
        return;
      }
      const { status } = await rejectRefund(dependencies, {
        refundId,
        operatorId,
        note: "used it",
        correlationId,
      });
      if (status === "rejected") world.memory.ended.set(refundId, "rejected");
    });
  });
}

export function playWithdrawal(world: World, chance: Chance, action: Action): void {
  const place = chance.below(4);
  const open = "status in ('awaiting_approval', 'approved', 'executing', 'blocked')";
  repeat(chance, () => {
    clicking(world, "ada withdraws", action, 2, async (dependencies) => {
      const shown = await lookUpRefund(world, open, place);
      if (shown === null) return;
      world.memory.withdrawals.add(shown.id);
      const { status } = await withdrawRefund(dependencies, {
        refundId: shown.id,
        actor: { kind: "operator", id: "opr_ada" },
        correlationId: `cor_action_${action.number}`,
      });
      if (status === "withdrawn") world.memory.ended.set(shown.id, "withdrawn");
    });
  });
}

const stuck = `status in ('executing', 'superseded') and outcome_unknown and exists
  (select from refund_attempts a where a.refund_id = refunds.id and a.replayed)`;

/** Somebody no longer waits for a refund whose key Stripe answers with the same error all day. */
export function playSupersession(world: World, chance: Chance, action: Action): void {
  const operatorId = chance.pick(deciders);
  const place = chance.below(4);
  repeat(chance, () => {
    clicking(world, `${operatorId} ends the wait`, action, 2, async (dependencies) => {
      const shown = await lookUpRefund(world, stuck, place);
      if (shown === null) return;
      const { id: refundId } = shown;
      world.memory.supersessions.add(`${refundId}/${operatorId}`);
      const correlationId = `cor_action_${action.number}`;
      const { id: successor } = await supersedeRefund(dependencies, { refundId, operatorId, correlationId });
      const atMs = world.memory.superseded.get(refundId)?.atMs ?? world.scheduler.nowMs;
      world.memory.superseded.set(refundId, { successor, atMs });
      world.scheduler.tell(`  ${successor} takes the place of ${refundId}`);
    });
  });
}

/** Somebody has an old event handled once more. */
export function playReplay(world: World, chance: Chance, action: Action): void {
  const place = chance.below(1_000);
  clicking(world, "ben replays an event", action, 1, async (dependencies) => {
    const events = await world.read<{ id: string }>(
      "select id from stripe_events where status = 'handled' order by stripe_created_at, id",
    );
    const event = events[place % Math.max(1, events.length)];
    if (event === undefined) return;
    await replayEvent(dependencies, {
      eventId: event.id,
      actor: { kind: "operator", id: "opr_ben" },
      correlationId: `cor_action_${action.number}`,
    });
  });
}

async function lookUpPurchase(world: World, chargeId: string): Promise<string | null> {
  const [row] = await world.read<{ id: string }>("select id from purchases where stripe_charge_id = $1", [
    chargeId,
  ]);
  return row?.id ?? null;
}

async function lookUpRefund(
  world: World,
  where: string,
  place: number,
): Promise<{ id: string; amount: number } | null> {
  const rows = await world.read<{ id: string; amount: string }>(
    `select id, amount from refunds where origin = 'redress' and ${where} order by requested_at, id`,
  );
  const row = rows[place % Math.max(1, rows.length)];
  return row === undefined ? null : { id: row.id, amount: Number(row.amount) };
}
