import { robotCalls } from "./decisions.ts";
import type { Scenario } from "./scenario.ts";
import { approving, awaiting, everything, executing, hour, minute, refunded, tasks } from "./story-parts.ts";

/** What may become of an approved refund, each with a death at every step. */
export const executeScenarios: readonly Scenario[] = [
  {
    path: "execute",
    name: "Stripe accepts",
    prepare: awaiting,
    act: approving,
    counts: executing,
    expected: refunded,
  },
  {
    path: "execute",
    name: "the answer is lost",
    prepare: awaiting,
    async act(stage) {
      await stage.world.sandbox.admin.addFault({ fault: "drop_after", method: "POST", path: "/v1/refunds" });
      await approving(stage);
    },
    counts: executing,
    expected: refunded,
  },
  {
    path: "execute",
    name: "down for 25 hours",
    prepare: awaiting,
    act: approving,
    counts: executing,
    restartAfterMs: 25 * hour,
    expected: refunded,
  },
  {
    path: "execute",
    name: "Stripe refuses",
    async prepare(stage) {
      await awaiting(stage);
      await stage.withoutWebhooks(async () => {
        stage.merchantRefunds(10_000);
        await stage.goOn(1_000);
      });
    },
    act: approving,
    counts: executing,
    expected: {
      stripe: ["10000 succeeded"],
      rows: ["redress 4000 refused", "stripe 10000 succeeded"],
      told: ["refund.succeeded 10000"],
      access: "revoked",
    },
  },
  {
    path: "execute",
    name: "an agent calls the tool",
    prepare: (stage) => stage.set({ rule: everything }),
    async act(stage) {
      robotCalls(stage);
      await stage.goOn(3 * minute);
    },
    counts: tasks(/^(?:robo |execute-refund |relay$)/),
    expected: { ...refunded, answer: /^(?:approved|executing|succeeded)$/ },
  },
];
