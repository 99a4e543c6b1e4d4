import { setTimeout as pause } from "node:timers/promises";
import { sam, signIn } from "../../scripts/demo/people.ts";
import { sandboxStripe } from "../../scripts/sandbox-environment.ts";
import { query } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import { percentile, round } from "../statistics.ts";
import type { BenchStripe } from "../stripe.ts";

/** So that the account's limit is never met. */
const restMs = 150;

/**
 * What Redress adds to one refund that policy allows: from the row of the request to the row of the success, less what
 * the sandbox itself takes for the same call, measured in between.
 */
export async function measureOverhead(given: {
  readonly desk: Desk;
  readonly stripe: BenchStripe;
  readonly connectionString: string;
  readonly refunds: number;
}): Promise<{ overheadP50Ms: number; sandboxP50Ms: number }> {
  const { desk, stripe, connectionString } = given;
  const [app, other] = stripe.apps;
  if (app === undefined || other === undefined) throw new Error("the bench has two apps");
  const bought = async (accountId: string) =>
    query<{ id: string; charge: string }>(
      connectionString,
      `select id, stripe_charge_id as charge from purchases where stripe_account_id = '${accountId}' order by id desc limit ${given.refunds}`,
    );
  const [ours, theirs] = [await bought(app.accountId), await bought(other.accountId)];
  const platform = sandboxStripe(stripe.sandbox.origin, stripe.sandbox.platform.secretKey);
  const support = await signIn(desk.origin, sam);
  const sandboxMs: number[] = [];
  const ids: string[] = [];
  for (const [index, { id: purchaseId }] of ours.entries()) {
    const answer = await support.call<{ refund: { id: string } }>("POST", "/api/v1/refunds", { purchaseId });
    ids.push(answer.refund.id);
    await pause(restMs);
    const charge = theirs[index]?.charge;
    if (charge === undefined) break;
    const began = performance.now();
    await platform.refunds.create({ charge }, { stripeAccount: other.accountId });
    sandboxMs.push(performance.now() - began);
    await pause(restMs);
  }
  await pause(3_000);
  const rows = await query<{ ms: string }>(
    connectionString,
    `select extract(epoch from settled_at - requested_at) * 1000 as ms from refunds
      where id = any ('{${ids.join(",")}}') and status = 'succeeded'`,
  );
  if (rows.length < ids.length)
    throw new Error(`${ids.length - rows.length} single refunds did not succeed.`);
  const sandboxP50Ms = percentile(sandboxMs, 0.5);
  const wholeP50Ms = percentile(
    rows.map(({ ms }) => Number(ms)),
    0.5,
  );
  return { overheadP50Ms: round(wholeP50Ms - sandboxP50Ms, 1), sandboxP50Ms: round(sandboxP50Ms, 1) };
}
