import { verifyAudit } from "@redress/core/audit/verify-audit";
import type { Ledger } from "@redress/stripe-sandbox";
import { people } from "./setting.ts";
import type { AppInWorld, World } from "./world.ts";

/** One promise that was not kept, and what shows it. */
export interface Violation {
  /** Of the list in ARCHITECTURE.md; 0 for a defect that belongs to none. */
  readonly invariant: number;
  readonly sentence: string;
}

type StripeRefund = Ledger["accounts"][string]["refunds"][number];

interface RefundRow extends Record<string, unknown> {
  id: string;
  app_id: string;
  purchase_id: string;
  stripe_account_id: string;
  stripe_charge_id: string;
  stripe_refund_id: string | null;
  origin: string;
  status: string;
  amount: string;
  blocked_code: string | null;
  request_key: string | null;
  requested_by_owner: string;
  outcome_unknown: boolean;
  next_attempt_at: Date | null;
}

interface ApprovalRow extends Record<string, unknown> {
  id: string;
  refund_id: string;
  decision: string;
  decided_by_kind: string;
  decided_by_id: string;
}

interface Evidence {
  readonly world: World;
  readonly ledger: Ledger;
  readonly rows: readonly RefundRow[];
  readonly approvals: ReadonlyMap<string, ApprovalRow>;
  /** Apps that are connected, here and at Stripe. */
  readonly reachable: ReadonlySet<string>;
  readonly purchases: ReadonlyMap<string, { created_at: Date }>;
  readonly told: (invariant: number, sentence: string) => void;
}

/** Judges a run at rest: Stripe's ledger and the apps' own records are the witnesses. */
export async function judge(world: World): Promise<Violation[]> {
  const violations: Violation[] = [];
  const evidence = await gather(world, (invariant, sentence) => violations.push({ invariant, sentence }));
  const sequences = await world.database.query<{ refund_id: string; sequence: number }>(
    "select refund_id, max(sequence) as sequence from notifications group by refund_id",
  );
  for (const { refund_id, sequence } of sequences) world.sequenceOf.set(refund_id, sequence);
  judgeOnce(evidence);
  judgePermission(evidence);
  judgeBooks(evidence);
  judgeWhatAppsKnow(evidence);
  await judgeAudit(evidence);
  judgeSeparation(evidence);
  for (const defect of world.memory.defects) evidence.told(0, defect);
  const dead = await world.database.query<{ name: string; last_error: string | null; fact_key: string }>(
    "select name, last_error, fact_key from outbox_messages where dead_at is not null",
  );
  for (const { name, fact_key, last_error } of dead) {
    evidence.told(0, `the message ${name} (${fact_key}) was given up: ${last_error}`);
  }
  return violations;
}

async function gather(world: World, told: Evidence["told"]): Promise<Evidence> {
  const { database, sandbox } = world;
  const ledger = await sandbox.admin.ledger();
  const { accounts } = await sandbox.admin.listAccounts();
  const apps = await database.query<{ id: string; stripe_account_id: string | null }>(
    "select id, stripe_account_id from apps",
  );
  const reachable = apps.flatMap(({ stripe_account_id: account }) =>
    account !== null && accounts.some(({ id, connected }) => id === account && connected) ? [account] : [],
  );
  const purchases = await database.query<{ charge: string; created_at: Date }>(
    "select stripe_charge_id as charge, created_at from purchases",
  );
  const approvals = await database.query<ApprovalRow>("select * from approvals");
  return {
    world,
    ledger,
    rows: await database.query<RefundRow>("select * from refunds order by requested_at, id"),
    approvals: new Map(approvals.map((row) => [row.id, row])),
    reachable: new Set(reachable),
    purchases: new Map(purchases.map(({ charge, created_at }) => [charge, { created_at }])),
    told,
  };
}

function stripeRefunds(ledger: Ledger): { account: string; refund: StripeRefund }[] {
  return Object.entries(ledger.accounts).flatMap(([account, { refunds }]) =>
    refunds.map((refund) => ({ account, refund })),
  );
}

const isDead = ({ status }: StripeRefund) => status === "failed" || status === "canceled";

/** Invariant 1: one request, at most one refund; never more than was captured. */
function judgeOnce({ ledger, rows, told }: Evidence): void {
  const byRequest = new Map<string, string[]>();
  const byApproval = new Map<string, string[]>();
  for (const { refund } of stripeRefunds(ledger)) {
    const { redress_refund_id: refundId, redress_approval_id: approvalId } = refund.metadata ?? {};
    if (refundId !== undefined) push(byRequest, refundId, refund.id);
    if (approvalId !== undefined) push(byApproval, approvalId, refund.id);
  }
  for (const [id, made] of byRequest) {
    if (made.length > 1) told(1, `Stripe made ${made.length} refunds for ${id}: ${made.join(", ")}`);
  }
  for (const [id, made] of byApproval) {
    if (made.length > 1)
      told(1, `Stripe made ${made.length} refunds under approval ${id}: ${made.join(", ")}`);
  }
  const byKey = new Map<string, string[]>();
  for (const { request_key, id } of rows) if (request_key !== null) push(byKey, request_key, id);
  for (const [key, ids] of byKey) {
    if (ids.length > 1) told(1, `one request (${key}) became ${ids.length} refunds: ${ids.join(", ")}`);
  }
  for (const [account, { charges, refunds }] of Object.entries(ledger.accounts)) {
    for (const charge of charges) {
      const live = refunds.filter((refund) => refund.charge === charge.id && !isDead(refund));
      const sum = live.reduce((total, { amount }) => total + amount, 0);
      if (sum > charge.amount_captured) {
        told(1, `${charge.id} of ${account}: ${sum} of ${charge.amount_captured} was refunded`);
      }
    }
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** Invariant 2: nothing without an approval, and nobody approves their own. */
function judgePermission({ world, ledger, rows, approvals, told }: Evidence): void {
  for (const { refund } of stripeRefunds(ledger)) {
    const { redress_refund_id: refundId, redress_approval_id: approvalId } = refund.metadata ?? {};
    if (refundId === undefined) continue;
    const row = rows.find(({ id }) => id === refundId);
    const approval = approvals.get(approvalId ?? "");
    if (row === undefined || approval?.decision !== "approved" || approval.refund_id !== refundId) {
      told(2, `${refund.id} was made for ${refundId} without an approval`);
      continue;
    }
    const { decided_by_id: decider, decided_by_kind: kind } = approval;
    if (decider === row.requested_by_owner) told(2, `${decider} approved the own request ${refundId}`);
    if (kind === "operator") {
      const role = people[decider];
      if (role !== "admin" && role !== "approver") told(2, `${decider} approved ${refundId} as ${role}`);
      if (!world.memory.approvals.has(`${refundId}/${decider}`)) {
        told(2, `${decider} never clicked on approve for ${refundId}`);
      }
    } else if (kind !== "policy") {
      told(2, `${refundId} was approved by ${kind}`);
    }
  }
  for (const [refundId, end] of world.memory.ended) {
    const made = stripeRefunds(ledger).find(({ refund }) => refund.metadata?.redress_refund_id === refundId);
    if (made) told(2, `${refundId} was ${end}, and Stripe has ${made.refund.id} for it`);
  }
}

/** Invariants 3 and 5: whatever was lost, repeated or late, the rows are what Stripe has. */
function judgeBooks(evidence: Evidence): void {
  const { ledger, rows, reachable, purchases, told } = evidence;
  for (const { account, refund } of stripeRefunds(ledger)) {
    if (!reachable.has(account)) continue;
    const chargeId = idOf(refund.charge);
    if (!purchases.has(chargeId)) {
      told(3, `${refund.id} is of ${chargeId}, which the desk does not know`);
      continue;
    }
    const found = rows.filter(({ stripe_refund_id }) => stripe_refund_id === refund.id);
    const [row] = found;
    if (row === undefined || found.length > 1) {
      const ours = refund.metadata?.redress_refund_id;
      told(3, `${refund.id} (${refund.status}, ${ours ?? "made elsewhere"}) has ${found.length} rows`);
    } else if (row.status !== refund.status || Number(row.amount) !== refund.amount) {
      told(3, `${refund.id} is ${refund.status} at Stripe, and ${row.status} in row ${row.id}`);
    }
    const named = rows.find(({ id }) => id === refund.metadata?.redress_refund_id);
    if (row && named && named.id !== row.id && named.status !== "superseded") {
      told(3, `${refund.id} was made for ${named.id}, which is ${named.status}; it stands as ${row.id}`);
    }
  }
  for (const row of rows) {
    const refund = ledger.accounts[row.stripe_account_id]?.refunds.find(
      ({ id }) => id === row.stripe_refund_id,
    );
    if (row.stripe_refund_id !== null && idOf(refund?.charge) !== row.stripe_charge_id) {
      told(3, `row ${row.id} has ${row.stripe_refund_id}, which Stripe does not have on its charge`);
    }
    if (reachable.has(row.stripe_account_id)) judgeRest(evidence, row);
  }
}

/** Nothing that could go on stands still. */
function judgeRest({ ledger, told }: Evidence, row: RefundRow): void {
  if (row.status === "requested" || row.status === "approved" || row.status === "executing") {
    told(3, `row ${row.id} is ${row.status} at rest (outcome unknown: ${row.outcome_unknown})`);
  }
  if (row.status !== "blocked") return;
  const disputes = ledger.accounts[row.stripe_account_id]?.disputes ?? [];
  const isDisputed = disputes.some(
    (dispute) => idOf(dispute.charge) === row.stripe_charge_id && !dispute.is_charge_refundable,
  );
  if (!isDisputed)
    told(3, `row ${row.id} is blocked (${row.blocked_code}) at rest, and nothing is in its way`);
}

function idOf(reference: unknown): string {
  return typeof reference === "string" ? reference : "";
}

/** Invariant 4: each app knows what became of its refunds. */
function judgeWhatAppsKnow(evidence: Evidence): void {
  for (const app of evidence.world.appsInWorld) {
    judgeMessages(evidence, app);
    if (evidence.reachable.has(app.accountId)) judgeAccess(evidence, app);
  }
}

function judgeMessages({ world, ledger, told }: Evidence, app: AppInWorld): void {
  const { receiver, slug, accountId } = app;
  for (const refused of receiver.refused) told(4, `${slug} had to refuse ${refused}`);
  const ids = new Map<string, string>();
  for (const { id, notification } of receiver.received) {
    const { refund } = notification.data;
    const fact = `${notification.type} of ${refund.id}`;
    const earlier = ids.get(fact) ?? id;
    if (earlier !== id) told(4, `${slug} was told of ${fact} under two ids: ${earlier}, ${id}`);
    ids.set(fact, earlier);
    const truth = ledger.accounts[accountId]?.refunds.find((one) => one.id === refund.stripe_refund_id);
    if (truth === undefined) {
      told(4, `${slug} was told of ${refund.stripe_refund_id}, which Stripe does not have`);
    } else if (notification.type === "refund.succeeded" && !world.hadStatus(truth, "succeeded")) {
      told(4, `${slug} was told that ${truth.id} succeeded; it is ${truth.status}, and never did`);
    } else if (notification.type === "refund.failed" && !isDead(truth)) {
      told(4, `${slug} was told that ${truth.id} failed; it is ${truth.status}`);
    }
  }
}

function judgeAccess({ world, ledger, rows, purchases, told }: Evidence, app: AppInWorld): void {
  const { receiver, slug, accountId, revokesOnPartial } = app;
  const books = ledger.accounts[accountId];
  for (const charge of books?.charges ?? []) {
    const known = purchases.get(charge.id);
    if (known === undefined) continue;
    const made = (books?.refunds ?? []).filter((refund) => refund.charge === charge.id);
    // What was over before the desk knew the purchase is history that nobody is told.
    if (made.some(({ created }) => created * 1000 < known.created_at.getTime())) continue;
    const heard = receiver.received.filter(
      ({ notification }) => notification.data.purchase.stripe_charge_id === charge.id,
    );
    for (const refund of made) {
      const about = heard.filter(
        ({ notification }) => notification.data.refund.stripe_refund_id === refund.id,
      );
      const row = rows.find(({ stripe_refund_id }) => stripe_refund_id === refund.id);
      const wasToldSuccess = about.some(({ notification }) => notification.type === "refund.succeeded");
      const wasToldFailure = about.some(({ notification }) => notification.type === "refund.failed");
      const isOvertaken = heard.some(
        ({ notification }) => notification.data.sequence > (world.sequenceOf.get(row?.id ?? "") ?? Infinity),
      );
      if (refund.status === "succeeded" && !wasToldSuccess && !isOvertaken) {
        told(4, `${slug} was never told that ${refund.id} succeeded`);
      }
      if (isDead(refund) && wasToldSuccess && !wasToldFailure && !isOvertaken) {
        told(4, `${slug} was told that ${refund.id} succeeded, and not that it failed later`);
      }
    }
    const sum = made.reduce((total, { status, amount }) => total + (status === "succeeded" ? amount : 0), 0);
    const isRevoked = receiver.revoked.has(charge.id);
    if ((sum >= charge.amount_captured || (sum > 0 && revokesOnPartial)) && !isRevoked) {
      told(4, `${slug}: ${sum} of ${charge.amount_captured} of ${charge.id} is refunded, and access is open`);
    }
    if (sum === 0 && isRevoked)
      told(4, `${slug}: nothing of ${charge.id} is refunded, and access is revoked`);
  }
}

/** Invariant 6: each change of state has one entry, and the chain is whole. */
async function judgeAudit({ world, rows, told }: Evidence): Promise<void> {
  const entries = await world.database.query<{ refund_id: string; was: string | null; is: string }>(
    `select refund_id, before ->> 'status' as was, after ->> 'status' as is from audit_logs
     where refund_id is not null and after ->> 'status' is not null and action not like 'notification%'
     order by id`,
  );
  for (const row of rows) {
    let status: string | null = null;
    for (const entry of entries.filter(({ refund_id }) => refund_id === row.id)) {
      if (entry.was !== status)
        told(6, `row ${row.id} went from ${status} to ${entry.is}, says its log from ${entry.was}`);
      status = entry.is;
    }
    if (status !== row.status) told(6, `row ${row.id} is ${row.status}, and its log ends at ${status}`);
  }
  const audit = await verifyAudit({ database: world.database.plain });
  if (!audit.valid) told(6, `the audit chain is broken: ${JSON.stringify(audit.firstBroken)}`);
  if (audit.unsealed > 0) told(6, `${audit.unsealed} audit entries are not sealed at rest`);
}

/** Invariant 7: nothing of one app reaches another; no secret is logged. */
function judgeSeparation({ world, ledger, rows, told }: Evidence): void {
  for (const { slug, receiver, accountId } of world.appsInWorld) {
    for (const { notification } of receiver.received) {
      const { app, purchase } = notification.data;
      const isOwn = ledger.accounts[accountId]?.charges.some(({ id }) => id === purchase.stripe_charge_id);
      if (app !== slug || !isOwn) told(7, `${slug} was told about ${purchase.stripe_charge_id} of ${app}`);
    }
  }
  for (const { account, refund } of stripeRefunds(ledger)) {
    const row = rows.find(({ id }) => id === refund.metadata?.redress_refund_id);
    if (row && row.stripe_account_id !== account)
      told(7, `${refund.id} was made on ${account}, not on ${row.stripe_account_id}`);
  }
  const secrets = [
    world.sandbox.platform.secretKey,
    world.webhookSecret,
    ...world.appsInWorld.flatMap(({ receiver, accountKey }) => [receiver.secret, accountKey]),
  ];
  for (const line of world.desk.log) {
    if (secrets.some((secret) => line.includes(secret))) told(7, `a secret was logged: ${line.slice(0, 80)}`);
  }
}
