import { adaAsks, adaConnects, benApproves } from "./decisions.ts";
import { executeScenarios } from "./execute-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import {
  all,
  approving,
  awaiting,
  everything,
  minute,
  refunded,
  succeeded,
  tasks,
  untilHandedOver,
} from "./story-parts.ts";

/** Every story, by path. */
export const scenarios: readonly Scenario[] = [
  {
    path: "connect",
    name: "through Stripe's consent page",
    prepare: (stage) => stage.set({ connected: false }),
    async act(stage) {
      adaConnects(stage);
      await stage.goOn(3 * minute);
    },
    counts: all,
    // A callback that is loaded twice waits 30 seconds for the first load.
    patienceMs: 40_000,
    expected: { stripe: [], rows: [], told: [], access: "open", answer: /success=connected/ },
  },
  {
    path: "request",
    name: "waits for a person",
    prepare: (stage) => stage.set(),
    async act(stage) {
      adaAsks(stage);
      await stage.goOn(minute);
    },
    counts: all,
    expected: {
      stripe: [],
      rows: ["redress 4000 awaiting_approval"],
      told: [],
      access: "open",
      answer: /^awaiting_approval$/,
    },
  },
  {
    path: "request",
    name: "approved by the rule",
    prepare: (stage) => stage.set({ rule: everything }),
    async act(stage) {
      adaAsks(stage);
      await stage.goOn(2 * minute);
    },
    counts: untilHandedOver("refund/execution.due"),
    expected: { ...refunded, answer: /^(?:approved|executing|succeeded)$/ },
  },
  {
    path: "approve",
    name: "by a person",
    prepare: awaiting,
    act: approving,
    counts: untilHandedOver("refund/execution.due"),
    expected: { ...refunded, answer: /^(?:approved|executing|succeeded)$/ },
  },
  ...executeScenarios,
  {
    path: "settle",
    name: "a refund of the Dashboard",
    prepare: (stage) => stage.set(),
    async act(stage) {
      stage.merchantRefunds(4_000);
      await stage.goOn(2 * minute);
    },
    counts: tasks(/^(?:webhook |handle-stripe-|relay$)/),
    expected: { ...refunded, rows: ["stripe 4000 succeeded"] },
  },
  {
    path: "settle",
    name: "pending, then succeeded",
    prepare: (stage) => awaiting(stage, "pm_card_pendingRefund"),
    act: (stage) => approving(stage, 10 * minute),
    counts: tasks(/^(?:webhook |handle-stripe-)/),
    expected: refunded,
  },
  {
    path: "settle",
    name: "succeeded, then failed",
    prepare: succeeded,
    async act(stage) {
      const { world, app } = stage;
      const { accounts } = await world.sandbox.admin.ledger();
      const id = accounts[app.accountId]?.refunds[0]?.id ?? "";
      stage.atStripe("the refund fails", () =>
        world.sandbox.admin.advanceRefund(id, { account: app.accountId, status: "failed" }),
      );
      await stage.goOn(2 * minute);
    },
    counts: tasks(/^(?:webhook |handle-stripe-|relay$)/),
    expected: {
      stripe: ["4000 failed"],
      rows: ["redress 4000 failed"],
      told: ["refund.failed 4000", "refund.succeeded 4000"],
      access: "open",
    },
  },
  {
    path: "notify",
    name: "the app answers",
    prepare: awaiting,
    act: approving,
    counts: tasks(/^deliver-notification /),
    expected: refunded,
  },
  {
    path: "notify",
    name: "the app was down before",
    async prepare(stage) {
      await awaiting(stage);
      stage.app.receiver.isDown = true;
      benApproves(stage);
      await stage.goOn(minute);
      stage.people.length = 0;
      stage.app.receiver.isDown = false;
    },
    act: (stage) => stage.goOn(5 * minute),
    counts: tasks(/^(?:deliver-notification |relay$)/),
    expected: refunded,
  },
  {
    path: "reconcile",
    name: "takes in what no webhook told",
    async prepare(stage) {
      await awaiting(stage);
      await stage.withoutWebhooks(async () => {
        stage.merchantRefunds(4_000);
        await stage.goOn(70 * minute);
      });
    },
    async act(stage) {
      stage.world.desk.sweepNow();
      await stage.goOn(minute);
    },
    counts: all,
    expected: {
      stripe: ["4000 succeeded"],
      rows: ["redress 4000 awaiting_approval", "stripe 4000 succeeded"],
      told: ["refund.succeeded 4000"],
      access: "revoked",
    },
  },
];
