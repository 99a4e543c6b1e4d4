import { verifyAudit } from "@redress/core/audit/verify-audit";
import type { Sandbox } from "@redress/stripe-sandbox";
import { z } from "zod";
import { type RealPath, refundedAmount, type Wish } from "./real-path.ts";
import type { Site } from "./site.ts";

const messageSchema = z.object({
  type: z.string(),
  data: z.object({ refund: z.object({ stripe_refund_id: z.string() }) }),
});

interface RefundRow {
  id: string;
  origin: string;
  amount: string;
  status: string;
  stripe_refund_id: string | null;
}

/** Whether the books are right and the app knows: what a person would call done. */
export async function isRight(site: Site, sandbox: Sandbox, path: RealPath): Promise<boolean> {
  return (await findWrong(site, sandbox, path)).length === 0;
}

/** What is wrong with the one refund of a run: at Stripe, in its row, or with what the app was told. */
async function findWrong(site: Site, sandbox: Sandbox, path: RealPath): Promise<string[]> {
  const { accounts } = await sandbox.admin.ledger();
  const made = accounts[site.app.accountId]?.refunds ?? [];
  const { rows } = await site.pool.query<RefundRow>("select * from refunds");
  const [refund] = made;
  const [row] = rows;
  const wrong: string[] = [];
  if (made.length !== 1 || refund?.amount !== refundedAmount || refund.status !== "succeeded") {
    wrong.push(`Stripe has ${made.length} refunds: ${made.map(({ status }) => status).join(", ")}`);
  }
  const shown = rows.map(({ origin, amount, status }) => `${origin} ${amount} ${status}`).join(" + ");
  if (shown !== path.expected.row || row?.stripe_refund_id !== refund?.id) {
    wrong.push(`the desk has ${shown || "nothing"}, not ${path.expected.row} as ${refund?.id}`);
  }
  const messages = site.receiver.messages.map(({ body }) => messageSchema.parse(JSON.parse(body)));
  const isTold = messages.some(
    ({ type, data }) => type === "refund.succeeded" && data.refund.stripe_refund_id === refund?.id,
  );
  if (!isTold) wrong.push("the app was not told");
  return wrong;
}

/** Whether nothing is left to be done, and everything is sealed. */
export async function isAtRest({ pool, dependencies }: Site): Promise<boolean> {
  const { rows } = await pool.query<{ open: string }>(
    `select (select count(*) from outbox_messages where send_at is not null)
          + (select count(*) from notifications where status = 'pending')
          + (select count(*) from stripe_events where status = 'received') as open`,
  );
  return rows[0]?.open === "0" && (await verifyAudit(dependencies)).unsealed === 0;
}

/** Judges a run at rest; a sentence for each promise that was not kept. */
export async function judgeReal(site: Site, sandbox: Sandbox, path: RealPath, wish: Wish): Promise<string[]> {
  const broken = await findWrong(site, sandbox, path);
  const ids = new Set(site.receiver.messages.map(({ id }) => id));
  if (ids.size > 1) broken.push(`the app was told of one fact under ${ids.size} ids`);
  const audit = await verifyAudit(site.dependencies);
  if (!audit.valid) broken.push(`the audit chain is broken: ${JSON.stringify(audit.firstBroken)}`);
  const { rows: entries } = await site.pool.query<{ was: string | null; is: string; action: string }>(
    `select before ->> 'status' as was, after ->> 'status' as is, action from audit_logs
     where refund_id is not null and after ->> 'status' is not null and action not like 'notification%' order by id`,
  );
  let status: string | null = null;
  for (const { was, is } of entries) {
    if (was !== status) broken.push(`the log goes from ${status} to ${is}, and says from ${was}`);
    status = is;
  }
  const marks = entries.filter(({ action }) => action === path.expected.action).length;
  if (marks !== 1) broken.push(`the log has ${marks} entries ${path.expected.action}`);
  return [...broken, ...(await findLost(site, wish))];
}

/** Events that were acknowledged and are not in the inbox. */
export async function findLost({ pool }: Site, { acknowledged }: Wish): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>("select id from stripe_events");
  const lost = acknowledged.filter((id) => !rows.some((row) => row.id === id));
  return lost.map((id) => `${id} was acknowledged, and is lost`);
}
