import { setTimeout as pause } from "node:timers/promises";
import { verifyAudit } from "@redress/core/audit/verify-audit";
import { connectDatabase } from "@redress/database";
import type { Browser } from "../../scripts/demo/browser.ts";
import { query } from "../database-server.ts";
import type { ReceivingApps } from "../receiving-apps.ts";
import type { BenchStripe } from "../stripe.ts";

interface Given {
  readonly connectionString: string;
  readonly stripe: BenchStripe;
  readonly receiving: ReceivingApps;
  /** Refunds that the desk said it has. */
  readonly asked: readonly string[];
  readonly admin: Browser;
}

/** What may be left for people to decide is at rest, too. */
const atRest = "('awaiting_approval','succeeded','failed','canceled','refused','rejected')";
const patienceMs = 300_000;

/**
 * After the last fault: what webhooks did not tell is asked for by a comparison, and everything comes to rest.
 *
 * @returns seconds until then
 * @throws Error naming what does not come to rest
 */
export async function comeToRest({ connectionString, stripe, admin }: Given): Promise<number> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  for (const { slug } of stripe.apps)
    await admin.call("POST", "/api/v1/reconciliation", { app: slug }, [200, 201, 202]);
  for (;;) {
    const [open] = await query<{
      messages: number;
      refunds: number;
      notifications: number;
      compared: number;
    }>(
      connectionString,
      `select (select count(*)::int from outbox_messages where send_at is not null) as messages,
        (select count(*)::int from refunds where status not in ${atRest}) as refunds,
        (select count(*)::int from notifications where status in ('pending', 'received')) as notifications,
        (select count(distinct app_id)::int from reconciliation_runs
          where status = 'done' and refund_id is null and started_at >= $1) as compared`,
      [startedAt],
    );
    const left = (open?.messages ?? 0) + (open?.refunds ?? 0) + (open?.notifications ?? 0);
    const seconds = (performance.now() - began) / 1_000;
    if (left === 0 && open?.compared === stripe.apps.length) return seconds;
    if (seconds * 1_000 > patienceMs)
      throw new Error(`Not at rest after five minutes: ${JSON.stringify(open)}`);
    await pause(500);
  }
}

/** Everything that is not as Stripe's ledger has it; nothing, when all promises were kept. */
export async function judge(given: Given): Promise<string[]> {
  const { connectionString, stripe, receiving, asked } = given;
  const wrong: string[] = [];
  const ledger = await stripe.sandbox.admin.ledger();
  const made = stripe.apps.flatMap(({ accountId }) => ledger.accounts[accountId]?.refunds ?? []);
  const rows = await query<{ id: string; stripe_refund_id: string | null; status: string; amount: string }>(
    connectionString,
    "select id, stripe_refund_id, status, amount from refunds",
  );
  const byStripeId = new Map(rows.map((row) => [row.stripe_refund_id, row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const overtaken = await readOvertaken(connectionString);
  const ours = new Map<string, number>();
  for (const { id, amount, status, metadata } of made) {
    const row = byStripeId.get(id);
    if (row === undefined) wrong.push(`${id} of Stripe is in no row`);
    else if (Number(row.amount) !== amount || row.status !== status)
      wrong.push(`${id}: ${row.amount} ${row.status} here, ${amount} ${status} at Stripe`);
    const own = metadata?.redress_refund_id;
    if (own !== undefined) ours.set(own, (ours.get(own) ?? 0) + 1);
    if (!receiving.wasTold(id) && !overtaken.has(id)) wrong.push(`the app was never told of ${id}`);
  }
  for (const [id, count] of ours) if (count > 1) wrong.push(`${id} was made ${count} times`);
  const real = new Set(made.map(({ id }) => id));
  for (const { id, stripe_refund_id: stripeId, status } of rows) {
    if (status === "succeeded" && (stripeId === null || !real.has(stripeId)))
      wrong.push(`${id} succeeded, and Stripe has no such refund`);
  }
  for (const id of asked) if (!byId.has(id)) wrong.push(`${id} was acknowledged and is gone`);
  const [dead] = await query<{ count: number }>(
    connectionString,
    "select count(*)::int as count from outbox_messages where dead_at is not null",
  );
  if (dead?.count !== 0) wrong.push(`${dead?.count} messages were given up`);
  return [...wrong, ...(await judgeLog(connectionString))];
}

/** Refunds whose message was not sent, since a newer one of the same purchase, with all of access in it, was done. */
async function readOvertaken(connectionString: string): Promise<ReadonlySet<string>> {
  const rows = await query<{ id: string }>(
    connectionString,
    `select r.stripe_refund_id as id from notifications n join refunds r on r.id = n.refund_id
      where n.status = 'overtaken' and exists (
        select from notifications newer
        where newer.purchase_id = n.purchase_id and newer.sequence > n.sequence and newer.status = 'done')`,
  );
  return new Set(rows.map(({ id }) => id));
}

async function judgeLog(connectionString: string): Promise<string[]> {
  const { database, close } = connectDatabase({ connectionString, applicationName: "redress-bench" });
  try {
    const { valid, sealed } = await verifyAudit({ database });
    return valid && sealed > 0 ? [] : ["the audit log is broken"];
  } finally {
    await close();
  }
}
