import { resolveUnattributed } from "@redress/core/refunds/resolve-unattributed";
import { connect, inProcess } from "./setting.ts";
import type { AppInWorld, World } from "./world.ts";

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
    // Stripe's Dashboard shows under which key a refund was asked for.
    const origins = Object.values(accounts).flatMap((books) => books.origins);
    for (const { id, owner, suspect } of stuck) {
      if (suspect === null) continue;
      const { requestId } = origins.find(({ refund }) => refund === suspect) ?? {};
      const isOurs = world.stripe.sent.some(
        ({ refundId, reached }) => refundId === id && reached?.requestId === requestId,
      );
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
