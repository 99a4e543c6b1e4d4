import { approveRefund } from "@redress/core/approvals/approve-refund";
import { rejectRefund } from "@redress/core/approvals/reject-refund";
import { disconnectApp } from "@redress/core/connect/disconnect";
import type { Dependencies } from "@redress/core/dependencies";
import { requestRefund } from "@redress/core/refunds/request-refund";
import { resolveUnattributed } from "@redress/core/refunds/resolve-unattributed";
import { resumeBlocked } from "@redress/core/refunds/resume-refunds";
import { withdrawRefund } from "@redress/core/refunds/withdraw-refund";
import type { RefundStatus } from "@redress/database";
import { Chance } from "./chance.ts";
import type { Action, ActionKind } from "./plan.ts";
import { describe } from "./scheduler.ts";
import { addCharge, connect, deciders, inProcess, requesters } from "./setting.ts";
import type { AppInWorld, World } from "./world.ts";

const clickAgainMs = 5_000;

type Play = (world: World, chance: Chance, action: Action) => void;

/** Lets one action of the story happen. */
export function play(world: World, action: Action): void {
  world.scheduler.tell(`action ${action.number}: ${action.kind}`);
  world.desk.busyUntilMs = world.scheduler.nowMs + 180_000;
  plays[action.kind](world, new Chance(action.seed), action);
}

const plays: Readonly<Record<ActionKind, Play>> = {
  request: playRequest,
  approve: (world, chance, action) => playDecision(world, chance, action, "approve"),
  reject: (world, chance, action) => playDecision(world, chance, action, "reject"),
  withdraw: playWithdrawal,
  merchant_refund: playMerchantRefund,
  dispute: playDispute,
  close_dispute: (world, chance) => closeDispute(world, chance),
  disconnect: (world, chance, action) => {
    const app = chance.pick(world.appsInWorld);
    clicking(world, `ben disconnects ${app.slug}`, action, 1, (dependencies) =>
      disconnectApp(dependencies, { appSlug: app.slug, actor: { kind: "operator", id: "opr_ben" } }),
    );
  },
  revoke: (world, chance) => {
    const { accountId, slug } = chance.pick(world.appsInWorld);
    stripeSide(world, `the merchant of ${slug} takes the access back`, () =>
      world.sandbox.admin.revokeAccount(accountId),
    );
  },
  connect: (world, chance, action) => {
    const app = chance.pick(world.appsInWorld);
    clicking(world, `ada connects ${app.slug}`, action, 1, (dependencies) =>
      connect(world, dependencies, app, "opr_ada"),
    );
  },
  refund_moves_on: playRefundMove,
  bank_reference: (world, chance) => {
    onSomeRefund(world, chance, ["succeeded"], (refund) =>
      world.sandbox.admin.setRefundReference(refund.id, { account: refund.account, reference: "ARN 7" }),
    );
  },
  app_goes_down: (world, chance) => {
    chance.pick(world.appsInWorld).receiver.isDown = true;
    world.faults.count("app_down");
  },
  app_comes_back: (world) => {
    for (const { receiver } of world.appsInWorld) receiver.isDown = false;
  },
  new_charge: (world, chance) => {
    const app = chance.pick(world.appsInWorld);
    world.scheduler.spawn("customer", null, () => addCharge(world, app, chance));
  },
  resume_asked: (world, chance, action) => {
    const { id: appId, slug } = chance.pick(world.appsInWorld);
    clicking(world, `resuming ${slug}`, action, 0, (dependencies) =>
      resumeBlocked(dependencies, { appId, correlationId: `cor_action_${action.number}` }),
    );
  },
  look_at_unattributed: (world, _chance, action) => lookAtUnattributed(world, action.number),
};

function playRequest(world: World, chance: Chance, action: Action): void {
  const charge = chance.pick(world.charges);
  const requester = chance.pick(requesters);
  const amount = chance.pick([
    null,
    charge.amount,
    charge.amount / 2,
    charge.amount / 2,
    chance.between(1, charge.amount + 200),
  ]);
  const requestKey = `request ${action.number}`;
  const owner = requester.kind === "agent" ? requester.ownerId : requester.id;
  world.memory.requests.set(requestKey, { chargeId: charge.id, requesterId: requester.id, owner });
  const name = `${requester.id} asks for ${amount ?? "all"} of ${charge.id} (${requestKey})`;
  repeat(chance, () => {
    clicking(world, name, action, 3, async (dependencies) => {
      const purchaseId = await lookUpPurchase(world, charge.id);
      if (purchaseId === null) return;
      await requestRefund(dependencies, {
        requester,
        purchaseId,
        amount: amount === null ? undefined : { amount, currency: charge.currency },
        requestKey,
        correlationId: `cor_action_${action.number}`,
      });
    });
  });
}

function playDecision(world: World, chance: Chance, action: Action, decision: "approve" | "reject"): void {
  const operatorId = chance.pick(deciders);
  const place = chance.below(4);
  const correlationId = `cor_action_${action.number}`;
  repeat(chance, () => {
    clicking(world, `${operatorId} ${decision}s`, action, 2, async (dependencies) => {
      const refundId = await lookUpRefund(world, "status = 'awaiting_approval'", place);
      if (refundId === null) return;
      if (decision === "approve") {
        world.memory.approvals.add(`${refundId}/${operatorId}`);
        await approveRefund(dependencies, { refundId, operatorId, correlationId });
        return;
      }
      const { status } = await rejectRefund(dependencies, { refundId, operatorId, correlationId });
      if (status === "rejected") world.memory.ended.set(refundId, "rejected");
    });
  });
}

function playWithdrawal(world: World, chance: Chance, action: Action): void {
  const place = chance.below(4);
  const open = "status in ('awaiting_approval', 'approved', 'executing', 'blocked')";
  repeat(chance, () => {
    clicking(world, "ada withdraws", action, 2, async (dependencies) => {
      const refundId = await lookUpRefund(world, open, place);
      if (refundId === null) return;
      const { status } = await withdrawRefund(dependencies, {
        refundId,
        actor: { kind: "operator", id: "opr_ada" },
        correlationId: `cor_action_${action.number}`,
      });
      if (status === "withdrawn") world.memory.ended.set(refundId, "withdrawn");
    });
  });
}

function playMerchantRefund(world: World, chance: Chance, action: Action): void {
  const charge = chance.pick(world.charges);
  const amount = chance.pick([null, charge.amount / 2, 100]);
  const form = new URLSearchParams({ charge: charge.id });
  if (amount !== null) form.set("amount", String(amount));
  stripeSide(world, `the merchant refunds ${amount ?? "all"} of ${charge.id}`, async () => {
    const answer = await fetch(`${world.sandbox.origin}/v1/refunds`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${charge.app.accountKey}`,
        "idempotency-key": `dashboard ${action.number}`,
      },
      body: form,
    });
    await answer.arrayBuffer();
  });
}

function playDispute(world: World, chance: Chance): void {
  const charge = chance.pick(world.charges);
  const account = charge.app.accountId;
  const inquiry = chance.happens(0.2);
  stripeSide(world, `a dispute of ${charge.id}`, async () => {
    const dispute = await world.sandbox.admin.createDispute({ account, charge: charge.id, inquiry });
    world.disputes.push({ id: dispute.id, account, charge: charge.id, inquiry });
  });
}

/** Ends the oldest open dispute. */
export function closeDispute(world: World, chance: Chance): void {
  const status = chance.happens(0.6) ? "won" : "lost";
  stripeSide(world, "a dispute is closed", async () => {
    const dispute = world.disputes.shift();
    if (dispute === undefined) return;
    await world.sandbox.admin.closeDispute(dispute.id, {
      account: dispute.account,
      status: dispute.inquiry ? "warning_closed" : status,
    });
  });
}

function playRefundMove(world: World, chance: Chance): void {
  const status = chance.pick([
    "succeeded",
    "failed",
    "failed",
    "canceled",
    "requires_action",
    "pending",
  ] as const);
  onSomeRefund(world, chance, ["pending", "requires_action", "succeeded"], (refund) =>
    world.sandbox.admin.advanceRefund(refund.id, {
      account: refund.account,
      status,
      ...(status === "failed" ? { failure_reason: "expired_or_canceled_card" } : {}),
    }),
  );
}

function onSomeRefund(
  world: World,
  chance: Chance,
  statuses: readonly RefundStatus[],
  act: (refund: { id: string; account: string }) => Promise<unknown>,
): void {
  const place = chance.below(1_000);
  stripeSide(world, "something happens to a refund", async () => {
    const { accounts } = await world.sandbox.admin.ledger();
    const refunds = Object.entries(accounts).flatMap(([account, { refunds: list }]) =>
      list.map(({ id, status }) => ({ id, account, status })),
    );
    const fitting = refunds.filter(({ status }) => statuses.some((one) => one === status));
    const refund = fitting[place % Math.max(1, fitting.length)];
    if (refund === undefined) return;
    world.scheduler.tell(`  it is ${refund.id}`);
    await act(refund);
  });
}

/** A person compares what cannot be attributed with Stripe's Dashboard, and says what is true. */
export function lookAtUnattributed(world: World, number: number): void {
  const correlationId = `cor_look_${number}`;
  inProcess(world, "somebody looks at what cannot be attributed", async (dependencies) => {
    const stuck = await world.read<{ id: string; owner: string; suspect: string | null }>(
      `select r.id, r.requested_by_owner as owner, (select a.details ->> 'stripeRefundId' from audit_logs a
         where a.refund_id = r.id and a.action = 'refund_outcome_unknown' order by a.id desc limit 1) as suspect
       from refunds r where r.status = 'executing' and r.outcome_unknown and r.next_attempt_at is null order by r.id`,
    );
    const { accounts } = await world.atStripe("somebody opens the Dashboard", () =>
      world.sandbox.admin.ledger(),
    );
    const all = Object.values(accounts).flatMap(({ refunds }) => refunds);
    for (const { id, owner, suspect } of stuck) {
      if (suspect === null) continue;
      const isOurs = all.find((refund) => refund.id === suspect)?.metadata?.redress_refund_id === id;
      const decision = {
        refundId: id,
        stripeRefundId: suspect,
        isOurs,
        // Whoever asked for it may not say so.
        operatorId: owner === "opr_cleo" ? "opr_ada" : "opr_cleo",
        correlationId,
      };
      await resolveUnattributed(dependencies, decision);
    }
  });
}

/** Connects what has lost its connection. */
export function reconnectAll(world: World, apps: readonly AppInWorld[], number: number): void {
  for (const app of apps) {
    inProcess(world, `ada connects ${app.slug} again`, async (dependencies) => {
      const [row] = await world.read<{ account: string | null }>(
        "select stripe_account_id as account from apps where id = $1",
        [app.id],
      );
      const { accounts } = await world.atStripe("ada asks the merchant", () =>
        world.sandbox.admin.listAccounts(),
      );
      const isConnected = accounts.find(({ id }) => id === app.accountId)?.connected === true;
      if (row?.account === app.accountId && isConnected) return;
      world.scheduler.tell(`  reconnecting, round ${number}`);
      await connect(world, dependencies, app, "opr_ada");
    });
  }
}

function repeat(chance: Chance, click: () => void): void {
  const clicks = chance.pick([1, 1, 1, 2, 3]);
  for (let count = 0; count < clicks; count += 1) click();
}

/** Somebody clicks, and clicks again when an outage is all that is answered. */
function clicking(
  world: World,
  name: string,
  action: Action,
  again: number,
  work: (dependencies: Dependencies) => Promise<unknown>,
): void {
  inProcess(world, name, async (dependencies) => {
    try {
      await work(dependencies);
    } catch (error) {
      world.scheduler.tell(`[${name}] is told: ${describe(error)}`);
      const isAnswer = error instanceof Error && error.name === "RedressError";
      if (!isAnswer && again > 0) {
        world.scheduler.at(world.scheduler.nowMs + clickAgainMs, null, () =>
          clicking(world, name, action, again - 1, work),
        );
      }
      if (!isAnswer) throw error;
    }
  });
}

function stripeSide(world: World, label: string, act: () => Promise<unknown>): void {
  world.scheduler.spawn("stripe", null, async () => {
    await world.atStripe(label, async () => {
      // The sandbox refuses what cannot be, such as a dispute of what was refunded: then it did not happen.
      await act().catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "SandboxError") throw error;
        world.scheduler.tell(`  Stripe refuses: ${error.message.slice(0, 80)}`);
      });
    });
  });
}

async function lookUpPurchase(world: World, chargeId: string): Promise<string | null> {
  const [row] = await world.read<{ id: string }>("select id from purchases where stripe_charge_id = $1", [
    chargeId,
  ]);
  return row?.id ?? null;
}

async function lookUpRefund(world: World, where: string, place: number): Promise<string | null> {
  const rows = await world.read<{ id: string }>(
    `select id from refunds where origin = 'redress' and ${where} order by requested_at, id`,
  );
  return rows[place % Math.max(1, rows.length)]?.id ?? null;
}
