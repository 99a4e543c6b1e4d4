import { disconnectApp } from "@redress/core/connect/disconnect";
import { resumeBlocked } from "@redress/core/refunds/resume-refunds";
import type { RefundStatus } from "@redress/database";
import { lookAtUnattributed } from "./caretaking.ts";
import { Chance } from "./chance.ts";
import { clicking, stripeSide } from "./clicks.ts";
import { playCopy, playEdit, playMerchantRefund, playStrip } from "./merchants.ts";
import { playDecision, playReplay, playRequest, playSupersession, playWithdrawal } from "./people.ts";
import type { Action, ActionKind } from "./plan.ts";
import { addCharge, connect } from "./setting.ts";
import { playRelease, playStop } from "./stops.ts";
import type { World } from "./world.ts";

type Play = (world: World, chance: Chance, action: Action) => void;

/** Somebody looks, some time after, whether a refund still waits for Stripe. */
export function endWait(world: World, number: number): void {
  const seed = `${world.seed}/wait ${number}`;
  playSupersession(world, new Chance(seed), { number: 1_000 + number, kind: "supersede", atMs: 0, seed });
}

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
  supersede: playSupersession,
  replay_event: playReplay,
  merchant_refund: playMerchantRefund,
  strip_metadata: playStrip,
  copy_metadata: playCopy,
  edit_metadata: playEdit,
  dispute: playDispute,
  close_dispute: (world, chance) => closeDispute(world, chance),
  disconnect: (world, chance, action) => {
    const app = chance.pick(world.appsInWorld);
    clicking(world, `ben disconnects ${app.slug}`, action, 1, (dependencies) =>
      disconnectApp(dependencies, {
        appSlug: app.slug,
        actor: { kind: "operator", id: "opr_ben" },
        despiteRefunds: true,
      }),
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
  stop_refunds: playStop,
  release_refunds: playRelease,
  look_at_unattributed: (world, _chance, action) => lookAtUnattributed(world, action.number),
};

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
