import { approveRefund } from "@redress/core/approvals/approve-refund";
import { finishConnect } from "@redress/core/connect/finish-connect";
import { startConnect } from "@redress/core/connect/start-connect";
import { requestRefund } from "@redress/core/refunds/request-refund";
import { processRefund } from "@redress/core/tools/process-refund";
import { giveConsent } from "../setting.ts";
import type { Stage } from "./stage.ts";

/** What is asked for: less than half, so that Stripe would not refuse a second refund. */
const amount = 4_000;

/** Ada asks for a part, in a form that sends its own key. */
export function adaAsks(stage: Stage): void {
  const accepted = remember(stage, "ada's form", { requesterId: "opr_ada", owner: "opr_ada" });
  stage.person("ada asks", async (dependencies) => {
    const refund = await requestRefund(dependencies, {
      requester: { kind: "operator", id: "opr_ada" },
      purchaseId: await purchaseOf(stage),
      amount: { amount, currency: stage.charge.currency },
      requestKey: "ada's form",
      correlationId: "cor_ask",
    });
    accepted.set(refund.id, refund.amount);
    return refund.status;
  });
}

/** The first request is approved by somebody else. */
export function benApproves(stage: Stage): void {
  stage.person("ben approves", async (dependencies) => {
    const [row] = await stage.world.read<{ id: string; amount: string }>(
      "select id, amount from refunds where origin = 'redress'",
    );
    const refundId = row?.id ?? "";
    stage.world.memory.approvals.set(`${refundId}/opr_ben`, Number(row?.amount));
    const decision = { refundId, operatorId: "opr_ben", correlationId: "cor_approve" };
    return (await approveRefund(dependencies, decision)).status;
  });
}

/** An agent calls the tool; when it gets no answer, it calls it again with the same id. */
export function robotCalls(stage: Stage): void {
  remember(stage, "robo's call", { requesterId: "key_robo", owner: "opr_ben" });
  stage.person("robo calls processRefund", async (dependencies) => {
    const input = { purchaseId: await purchaseOf(stage), amount, requestId: "robo's call" };
    const requester = { kind: "agent", id: "key_robo", ownerId: "opr_ben" } as const;
    return (await processRefund(dependencies, input, { requester, correlationId: "cor_tool" })).status;
  });
}

/**
 * Ada goes through Stripe's consent page. When the desk dies on her way back, she loads the callback again,
 * and starts again where that does not help.
 */
export function adaConnects(stage: Stage): void {
  const { world, app } = stage;
  const traveller = { operatorId: "opr_ada", sessionToken: "session of ada" };
  let query: Record<string, string> | null = null;
  stage.person("ada connects", async (dependencies) => {
    if (query !== null) {
      const reloaded = await finishConnect(dependencies, { ...traveller, appIds: "all", query });
      if (reloaded.location.includes("success=")) return reloaded.location;
      world.scheduler.tell(`  the reload ends at ${reloaded.location}`);
    }
    const { url } = await startConnect(dependencies, { ...traveller, appSlug: app.slug });
    query = await world.atStripe("ada gives consent", () => giveConsent(url, app.accountId));
    return (await finishConnect(dependencies, { ...traveller, appIds: "all", query })).location;
  });
}

/** The judge asks people what they asked for. @returns where they note what the desk answered */
function remember(
  { world, charge }: Stage,
  requestKey: string,
  who: { requesterId: string; owner: string },
): Map<string, number> {
  const accepted = new Map<string, number>();
  world.memory.requests.set(requestKey, { chargeId: charge.id, ...who, asked: amount, accepted });
  return accepted;
}

async function purchaseOf({ world, charge }: Stage): Promise<string> {
  const rows = await world.read<{ id: string }>("select id from purchases where stripe_charge_id = $1", [
    charge.id,
  ]);
  return rows[0]?.id ?? "";
}
