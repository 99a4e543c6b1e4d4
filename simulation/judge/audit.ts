import { verifyAudit } from "@redress/core/audit/verify-audit";
import { customer } from "../setting.ts";
import type { AuditEntry, Evidence } from "./evidence.ts";

/** Invariant 6: each change of state has exactly one entry, and the chain is whole. */
export async function judgeAudit(evidence: Evidence): Promise<void> {
  const { world, rows, purchases, apps, log, told } = evidence;
  for (const row of rows) {
    const entries = log.filter(
      ({ refund_id, action }) => refund_id === row.id && !action.startsWith("notification"),
    );
    judgeChain(evidence, `row ${row.id}`, { entries, member: "status", first: undefined, last: row.status });
  }
  for (const purchase of purchases.values()) {
    const entries = log.filter(({ purchase_id }) => purchase_id === purchase.id);
    const subject = `the access of ${purchase.stripe_charge_id}`;
    const accessMoves = entries.filter(({ before, after }) => before?.access !== after?.access);
    const ends = { first: "granted", last: purchase.access };
    judgeChain(evidence, subject, { entries: accessMoves, member: "access", ...ends });
    const disputeMoves = entries.filter(
      ({ before, after }) => before?.disputeStatus !== after?.disputeStatus,
    );
    const chain = {
      entries: disputeMoves,
      member: "disputeStatus",
      first: null,
      last: purchase.dispute_status,
    };
    judgeChain(evidence, `the dispute of ${purchase.stripe_charge_id}`, chain);
  }
  for (const { id, slug, accountId, isConnectedAtFirst } of world.appsInWorld) {
    const entries = log.filter(({ app_id, action }) => app_id === id && /^app_(dis)?connected$/.test(action));
    const last = apps.find((app) => app.id === id)?.stripe_account_id;
    const first = isConnectedAtFirst ? accountId : null;
    const chain = { entries, member: "stripeAccountId", first, last };
    judgeChain(evidence, `the connection of ${slug}`, chain);
  }
  judgeDecisions(evidence);
  judgePersonalData(evidence);
  const audit = await verifyAudit({ database: world.database.plain });
  if (!audit.valid) told(6, `the audit chain is broken: ${JSON.stringify(audit.firstBroken)}`);
  if (audit.unsealed > 0) told(6, `${audit.unsealed} audit entries are not sealed at rest`);
}

/** Each entry goes on where the one before ended, none says that nothing happened, and the last is now. */
function judgeChain(
  { told }: Evidence,
  subject: string,
  chain: { entries: readonly AuditEntry[]; member: string; first: unknown; last: unknown },
): void {
  const { member } = chain;
  let value = chain.first;
  for (const { action, before, after } of chain.entries) {
    if (after === null || !(member in after)) continue;
    const was = before === null ? undefined : before[member];
    const is = after[member];
    if (was !== value) told(6, `${subject} was ${value} before ${action}, says its log ${was}`);
    // To connect an app once more is a change, though the account is the same.
    if (is === value && action !== "app_connected")
      told(6, `${subject} has an entry, ${action}, for staying ${is}`);
    value = is;
  }
  if (value !== chain.last) told(6, `${subject} is ${chain.last}, and its log ends at ${value}`);
}

/** Personal data stands in the log only as salted hashes, and in the lines of the process not at all. */
function judgePersonalData({ world, log, told }: Evidence): void {
  const names = Object.values(customer);
  const isPersonal = (text: string) => names.some((name) => text.includes(name));
  for (const { action, before, after, details } of log) {
    const text = JSON.stringify([before, after, details]);
    if (isPersonal(text)) told(6, `personal data stands in ${action}: ${text.slice(0, 160)}`);
  }
  for (const line of world.desk.log) {
    if (isPersonal(line)) told(6, `personal data was logged: ${line.slice(0, 160)}`);
  }
}

/** Each decision has its one entry, by who made it; what somebody was told is decided is among them. */
function judgeDecisions({ world, approvals, log, told }: Evidence): void {
  for (const { id, decision, decided_by_id } of approvals.values()) {
    const entries = log.filter(
      ({ action, actor_id, details }) =>
        action === `refund_${decision}` && details.approvalId === id && actor_id === decided_by_id,
    );
    if (entries.length !== 1)
      told(6, `${id} (${decision} by ${decided_by_id}) has ${entries.length} entries`);
  }
  for (const click of world.memory.approved) {
    const isLogged = log.some(
      ({ action, refund_id, actor_id }) =>
        (action === "refund_approved" || action === "refund_endorsed") &&
        click === `${refund_id}/${actor_id}`,
    );
    if (!isLogged) told(6, `${click} was told that it is approved, and the log knows nothing of it`);
  }
  for (const [refundId, end] of world.memory.ended) {
    const isLogged = log.some(
      ({ action, refund_id }) => action === `refund_${end}` && refund_id === refundId,
    );
    if (!isLogged) told(6, `${refundId} was ${end}, people were told, and the log knows nothing of it`);
  }
}
