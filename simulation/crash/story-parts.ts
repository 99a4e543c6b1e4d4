import { adaAsks, benApproves } from "./decisions.ts";
import type { Call } from "./kill-switch.ts";
import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

export const minute = 60_000;
export const hour = 60 * minute;
/** A rule that lets every request out. */
export const everything = 1_000_000;

/** Every call of the path's time. */
export const all = () => () => true;
/** The calls of some tasks. */
export const tasks = (pattern: RegExp) => () => (call: Call) => pattern.test(call.task);

/** Until the engine has the message; handing it over is the last call. */
export function untilHandedOver(message: string): () => (call: Call) => boolean {
  return () => {
    let isOver = false;
    return ({ label }) => {
      if (isOver) return false;
      isOver = label.startsWith("hands the engine") && label.includes(message);
      return true;
    };
  };
}

/** One refund of a part, and an app that closes access for it. */
export const refunded: Expectation = {
  stripe: ["4000 succeeded"],
  rows: ["redress 4000 succeeded"],
  told: ["refund.succeeded 4000"],
  access: "revoked",
};

/** A request that waits for a person. */
export async function awaiting(stage: Stage, paymentMethod = "pm_card_visa"): Promise<void> {
  await stage.set({ paymentMethod });
  adaAsks(stage);
  await stage.goOn(minute);
  stage.people.length = 0;
}

/** A refund that is done. */
export async function succeeded(stage: Stage): Promise<void> {
  await awaiting(stage);
  benApproves(stage);
  await stage.goOn(10 * minute);
  stage.people.length = 0;
}

/** Ben approves, and what follows goes its way. */
export async function approving(stage: Stage, afterMs = 2 * minute): Promise<void> {
  benApproves(stage);
  await stage.goOn(afterMs);
}

/** What carries a refund out. */
export const executing = tasks(/^(?:execute-refund |relay$)/);
