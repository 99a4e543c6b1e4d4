import { people } from "../setting.ts";
import {
  type ApprovalRow,
  type Evidence,
  firstOf,
  idOf,
  isDead,
  type StripeRefund,
  stripeRefunds,
} from "./evidence.ts";

/** Invariant 2: nothing without an approval, of exactly what was approved, and nobody approves their own. */
export function judgePermission(evidence: Evidence): void {
  const { world, ledger, rows, approvals, made, told } = evidence;
  for (const { refund } of stripeRefunds(ledger)) {
    const call = made.get(refund.id);
    if (call === undefined) continue;
    const { refundId, approvalId } = call;
    const row = rows.find(({ id }) => id === refundId);
    const approval = approvals.get(approvalId);
    if (row === undefined || approval?.decision !== "approved" || approval.refund_id !== refundId) {
      told(2, `${refund.id} was made for ${refundId} without an approval`);
      continue;
    }
    if (approval.revoked_at !== null && call.sentMs > approval.revoked_at.getTime()) {
      told(2, `${refund.id} was made under ${approval.id}, which was out of force by then`);
    }
    judgeDecider(evidence, refundId, approval);
    judgeAmount(evidence, refundId, refund, approval);
  }
  judgePolicy(evidence);
  for (const [refundId, end] of world.memory.ended) {
    const paid = [...made.values()].find((one) => one.refundId === refundId);
    if (paid) told(2, `${refundId} was ${end}, and Stripe has ${paid.id} for it`);
  }
}

/** The request as the one who made it remembers it, also where a replacement took its place. */
function requestOf(evidence: Evidence, refundId: string) {
  const { world, rows } = evidence;
  const first = rows.find(({ id }) => id === firstOf(evidence, refundId));
  return world.memory.requests.get(first?.request_key ?? "");
}

function judgeDecider(evidence: Evidence, refundId: string, approval: ApprovalRow): void {
  const { world, replaced, told } = evidence;
  const { decided_by_id: decider, decided_by_kind: kind } = approval;
  const request = requestOf(evidence, refundId);
  if (request === undefined) {
    told(2, `nobody remembers to have asked for ${refundId}`);
    return;
  }
  if (kind === "policy") return;
  if (kind !== "operator") {
    told(2, `${refundId} was approved by ${kind}`);
    return;
  }
  if (decider === request.owner) {
    told(2, `${decider} approved ${refundId}, the own request of ${request.requesterId}`);
  }
  const role = people[decider];
  if (role !== "admin" && role !== "approver") told(2, `${decider} approved ${refundId} as ${role}`);
  const { approvals, supersessions } = world.memory;
  const hasClicked =
    approvals.has(`${refundId}/${decider}`) || supersessions.has(`${replaced.get(refundId)}/${decider}`);
  if (!hasClicked) told(2, `${decider} never clicked on approve for ${refundId}`);
  judgeCount(evidence, refundId, request.owner);
}

/** As many different people as the app wants have clicked, none of them who asked. */
function judgeCount({ world, rows, replaced, told }: Evidence, refundId: string, owner: string): void {
  // Whether a replaced one was let out by policy, and so needs one person only, is not remembered here.
  if (replaced.has(refundId)) return;
  const appId = rows.find(({ id }) => id === refundId)?.app_id;
  const needed = world.appsInWorld.find(({ id }) => id === appId)?.approversNeeded ?? 1;
  const clicks = [...world.memory.approvals.keys()].flatMap((click) => {
    const [clicked, operatorId = ""] = click.split("/");
    return clicked === refundId && operatorId !== owner ? [operatorId] : [];
  });
  const approvers = new Set(clicks.filter((id) => people[id] === "admin" || people[id] === "approver"));
  if (approvers.size < needed) told(2, `${refundId} was approved by ${approvers.size}, and takes ${needed}`);
}

/** What was asked for, what was promised, what was approved and what was paid are one amount. */
function judgeAmount(
  evidence: Evidence,
  refundId: string,
  refund: StripeRefund,
  approval: ApprovalRow,
): void {
  const { world, told } = evidence;
  const request = requestOf(evidence, refundId);
  const amounts: [string, number | null | undefined][] = [
    ["asked for", request?.asked],
    ["promised", request?.accepted.get(firstOf(evidence, refundId))],
    ["approved", Number(approval.amount)],
    ["shown to who approved", world.memory.approvals.get(`${refundId}/${approval.decided_by_id}`)],
  ];
  for (const [what, amount] of amounts) {
    if (amount === null || amount === undefined || amount === refund.amount) continue;
    told(2, `${refund.id} of ${refundId} is of ${refund.amount}, and ${amount} was ${what}`);
  }
}

/** What nobody approved stays within the app's rule, however it was split, and within its budget of each day. */
function judgePolicy({ world, ledger, rows, approvals, made, told }: Evidence): void {
  const sums = new Map<string, number>();
  const days = new Map<string, number>();
  const counted = new Set<string>();
  for (const { refund } of stripeRefunds(ledger)) {
    const approval = approvals.get(made.get(refund.id)?.approvalId ?? "");
    // What one approval let out twice is judged as that.
    if (approval?.decided_by_kind !== "policy" || isDead(refund) || counted.has(approval.id)) continue;
    counted.add(approval.id);
    const charge = idOf(refund.charge);
    sums.set(charge, (sums.get(charge) ?? 0) + refund.amount);
    const appId = rows.find(({ id }) => id === approval.refund_id)?.app_id;
    const day = `${appId} ${approval.decided_at.toISOString().slice(0, 10)}`;
    days.set(day, (days.get(day) ?? 0) + refund.amount);
  }
  for (const { id, app } of world.charges) {
    const sum = sums.get(id) ?? 0;
    if (sum > (app.policyLimit ?? 0)) {
      told(2, `${sum} of ${id} was let out by a rule that permits ${app.policyLimit ?? "nothing"}`);
    }
  }
  for (const [day, sum] of days) {
    const budget = world.appsInWorld.find(({ id }) => day.startsWith(`${id} `))?.dailyBudget;
    if (budget != null && sum > budget) told(2, `${sum} was let out on ${day}, whose budget is ${budget}`);
  }
}
