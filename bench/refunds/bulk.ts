import { setTimeout as pause } from "node:timers/promises";
import { sam, signIn } from "../../scripts/demo/people.ts";
import { query } from "../database-server.ts";
import type { Desk } from "../desk.ts";
import { round } from "../statistics.ts";
import type { BenchStripe } from "../stripe.ts";

export interface BulkFigures {
  /** Succeeded refunds a second, from the first tenth to the last: the start-up and the last stragglers are told by `seconds`. */
  readonly perSecond: number;
  /** Of the create calls after the first five seconds, those that were answered 429. */
  readonly throttledShare: number;
  /** The same of all create calls. */
  readonly throttledShareInAll: number;
  /** From the approval to the last success. */
  readonly seconds: number;
  readonly missing: number;
  readonly double: number;
}

interface BulkAnswer {
  readonly bulkRefund: {
    readonly id: string;
    readonly status: string;
    readonly listHash: string;
    readonly lines: { readonly ready: { readonly count: number } };
    readonly refunds: readonly { readonly status: string; readonly count: number }[];
  };
}

const stuckMs = 300_000;

/** Asks for a list as support does, approves it as an admin does, and waits until Stripe has confirmed each refund. */
export async function measureBulk(given: {
  readonly desk: Desk;
  readonly stripe: BenchStripe;
  readonly connectionString: string;
  readonly refunds: number;
  /** Purchases of the app that another measurement has used. */
  readonly skip: number;
  readonly say: (line: string) => void;
}): Promise<BulkFigures> {
  const { desk, stripe, connectionString, refunds, say } = given;
  const [app] = stripe.apps;
  if (app === undefined) throw new Error("the bench has no app");
  const bought = await query<{ id: string; charge: string }>(
    connectionString,
    `select p.id, stripe_charge_id as charge from purchases p
      where stripe_account_id = '${app.accountId}' and not exists (select from refunds r where r.purchase_id = p.id)
      order by p.id limit ${refunds}`,
  );
  const support = await signIn(desk.origin, sam);
  const asked = await support.call<BulkAnswer>("POST", "/api/v1/bulk-refunds", {
    ...{ app: app.slug, rows: bought.map(({ id }) => ({ purchase: id })) },
  });
  const path = `/api/v1/bulk-refunds/${asked.bulkRefund.id}`;
  const read = async () => (await support.call<BulkAnswer>("GET", path)).bulkRefund;
  const began = performance.now();
  let list = await read();
  while (list.status === "preparing") {
    await pause(200);
    list = await read();
  }
  say(`${list.lines.ready.count} lines were judged in ${round((performance.now() - began) / 1_000, 1)} s.`);
  const approved = Date.now();
  await desk.admin().call("POST", `${path}/approve`, { listHash: list.listHash });
  await untilSucceeded(read, refunds);
  const settled = await query<{ at: Date }>(
    connectionString,
    `select settled_at as at from refunds where bulk_refund_id = '${asked.bulkRefund.id}' and status = 'succeeded' order by settled_at`,
  );
  const moments = settled.map(({ at }) => at.getTime());
  const [from, until] = [Math.floor(moments.length * 0.1), Math.floor(moments.length * 0.9)];
  const span = ((moments[until] ?? 0) - (moments[from] ?? 0)) / 1_000;
  return {
    perSecond: round((until - from) / span, 2),
    ...(await throttled(connectionString, asked.bulkRefund.id, new Date(approved + 5_000))),
    seconds: round(((moments.at(-1) ?? 0) - approved) / 1_000, 1),
    ...(await compare(stripe, app.accountId, new Set(bought.map(({ charge }) => charge)))),
  };
}

async function untilSucceeded(read: () => Promise<BulkAnswer["bulkRefund"]>, wanted: number): Promise<void> {
  let progress = { at: performance.now(), count: -1 };
  for (;;) {
    const list = await read();
    const count = list.refunds.find(({ status }) => status === "succeeded")?.count ?? 0;
    if (count === wanted) return;
    const at = performance.now();
    if (count > progress.count) progress = { at, count };
    if (at - progress.at > stuckMs) throw new Error(`Only ${count} of ${wanted} refunds succeeded.`);
    await pause(500);
  }
}

async function throttled(connectionString: string, bulkRefundId: string, after: Date) {
  const [row] = await query<{ late: string; late429: string; all: string; all429: string }>(
    connectionString,
    `select count(*) filter (where a.started_at >= '${after.toISOString()}') as late,
      count(*) filter (where a.started_at >= '${after.toISOString()}' and a.http_status = 429) as late429,
      count(*) as all, count(*) filter (where a.http_status = 429) as all429
      from refund_attempts a join refunds r on r.id = a.refund_id
      where r.bulk_refund_id = '${bulkRefundId}' and a.kind = 'create'`,
  );
  const share = (part: unknown, whole: unknown) => round(Number(part) / Math.max(1, Number(whole)), 4);
  return {
    throttledShare: share(row?.late429, row?.late),
    throttledShareInAll: share(row?.all429, row?.all),
  };
}

/** By the sandbox's own books. */
async function compare(stripe: BenchStripe, accountId: string, charges: ReadonlySet<string>) {
  const ledger = await stripe.sandbox.admin.ledger();
  const counts = new Map<string, number>();
  for (const { charge } of ledger.accounts[accountId]?.refunds ?? []) {
    if (typeof charge === "string") counts.set(charge, (counts.get(charge) ?? 0) + 1);
  }
  return {
    missing: [...charges].filter((charge) => !counts.has(charge)).length,
    double: [...counts.values()].filter((count) => count > 1).length,
  };
}
