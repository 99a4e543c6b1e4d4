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
  stage.person("ada asks", async (dependencies) => {
    const { status } = await requestRefund(dependencies, {
      requester: { kind: "operator", id: "opr_ada" },
      purchaseId: await purchaseOf(stage),
      amount: { amount, currency: stage.charge.currency },
      requestKey: "ada's form",
      correlationId: "cor_ask",
    });
    return status;
  });
}

/** The first request is approved by somebody else. */
export function benApproves(stage: Stage): void {
  stage.person("ben approves", async (dependencies) => {
    const [row] = await stage.world.read<{ id: string }>("select id from refunds where origin = 'redress'");
    const refundId = row?.id ?? "";
    stage.world.memory.approvals.add(`${refundId}/opr_ben`);
    const decision = { refundId, operatorId: "opr_ben", correlationId: "cor_approve" };
    return (await approveRefund(dependencies, decision)).status;
  });
}

/** An agent calls the tool; when it gets no answer, it calls it again with the same id. */
export function robotCalls(stage: Stage): void {
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

async function purchaseOf({ world, charge }: Stage): Promise<string> {
  const rows = await world.read<{ id: string }>("select id from purchases where stripe_charge_id = $1", [
    charge.id,
  ]);
  return rows[0]?.id ?? "";
}
