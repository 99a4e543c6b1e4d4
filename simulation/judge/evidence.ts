import type { Ledger } from "@redress/stripe-sandbox";
import { z } from "zod";
import type { World } from "../world.ts";
import { type Made, readMade } from "./made.ts";

export type StripeRefund = Ledger["accounts"][string]["refunds"][number];

export interface RefundRow extends Record<string, unknown> {
  id: string;
  app_id: string;
  purchase_id: string;
  stripe_account_id: string;
  stripe_charge_id: string;
  stripe_refund_id: string | null;
  origin: string;
  status: string;
  amount: string;
  currency: string;
  blocked_code: string | null;
  failure_reason: string | null;
  bank_reference: string | null;
  request_key: string | null;
  outcome_unknown: boolean;
  refused_code: string | null;
  requested_at: Date;
}

export interface ApprovalRow extends Record<string, unknown> {
  id: string;
  refund_id: string;
  amount: string;
  decision: string;
  decided_by_kind: string;
  decided_by_id: string;
  decided_at: Date;
  revoked_at: Date | null;
}

export interface PurchaseRow extends Record<string, unknown> {
  id: string;
  stripe_charge_id: string;
  amount_captured: string;
  refunds_blocked_by_dispute: boolean;
  dispute_status: string | null;
  access: string;
  created_at: Date;
}

export interface AuditEntry extends Record<string, unknown> {
  at: Date;
  action: string;
  actor_kind: string;
  actor_id: string;
  app_id: string | null;
  purchase_id: string | null;
  refund_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  details: Record<string, unknown>;
}

export interface Evidence {
  readonly world: World;
  readonly ledger: Ledger;
  /** Every status a refund went through at Stripe, in order, as Stripe's own events tell. */
  readonly lives: ReadonlyMap<string, readonly string[]>;
  readonly rows: readonly RefundRow[];
  readonly approvals: ReadonlyMap<string, ApprovalRow>;
  /** By charge. */
  readonly purchases: ReadonlyMap<string, PurchaseRow>;
  readonly apps: readonly { id: string; slug: string; stripe_account_id: string | null }[];
  /** The audit log, oldest first. */
  readonly log: readonly AuditEntry[];
  /** Accounts that are connected, here and at Stripe. */
  readonly reachable: ReadonlySet<string>;
  /** Refunds at Stripe that calls of the desk made, by their id there. */
  readonly made: ReadonlyMap<string, Made>;
  /** Replacements, with the refund that each of them replaced. */
  readonly replaced: ReadonlyMap<string, string>;
  readonly told: (invariant: number, sentence: string) => void;
}

export async function gather(world: World, told: Evidence["told"]): Promise<Evidence> {
  const { database, sandbox } = world;
  const { accounts } = await sandbox.admin.listAccounts();
  const apps = await database.query<{ id: string; slug: string; stripe_account_id: string | null }>(
    "select id, slug, stripe_account_id from apps order by slug",
  );
  const reachable = apps.flatMap(({ stripe_account_id: account }) =>
    account !== null && accounts.some(({ id, connected }) => id === account && connected) ? [account] : [],
  );
  const purchases = await database.query<PurchaseRow>("select * from purchases");
  const approvals = await database.query<ApprovalRow>("select * from approvals");
  const log = await database.query<AuditEntry>("select * from audit_logs order by id");
  const ledger = await sandbox.admin.ledger();
  return {
    world,
    ledger,
    made: readMade(ledger, world.stripe.sent),
    lives: await readLives(world),
    rows: await database.query<RefundRow>("select * from refunds order by requested_at, id"),
    approvals: new Map(approvals.map((row) => [row.id, row])),
    purchases: new Map(purchases.map((row) => [row.stripe_charge_id, row])),
    apps,
    log,
    reachable: new Set(reachable),
    replaced: readReplacements(world, log),
    told,
  };
}

/** What people were told of replacements, and what the log says where nobody got an answer. */
function readReplacements(world: World, log: readonly AuditEntry[]): Map<string, string> {
  const replaced = new Map<string, string>();
  for (const { action, refund_id, details } of log) {
    const { supersedes } = details;
    if (action === "refund_requested" && refund_id !== null && typeof supersedes === "string") {
      replaced.set(refund_id, supersedes);
    }
  }
  for (const [old, { successor }] of world.memory.superseded) replaced.set(successor, old);
  return replaced;
}

const pageSchema = z.object({
  has_more: z.boolean(),
  data: z.array(
    z.object({
      id: z.string(),
      data: z.object({ object: z.object({ id: z.string(), status: z.string() }) }),
    }),
  ),
});

async function readLives(world: World): Promise<Map<string, string[]>> {
  const lives = new Map<string, string[]>();
  for (const { accountKey } of world.appsInWorld) {
    for (const { data } of (await listRefundEvents(world, accountKey)).toReversed()) {
      const { id, status } = data.object;
      const life = lives.get(id) ?? [];
      if (life.at(-1) !== status) lives.set(id, [...life, status]);
    }
  }
  return lives;
}

/** Newest first, as the merchant could list them. */
async function listRefundEvents(world: World, accountKey: string) {
  const events: z.infer<typeof pageSchema>["data"] = [];
  for (;;) {
    const query = new URLSearchParams({ limit: "100" });
    for (const type of ["refund.created", "refund.updated", "refund.failed"]) query.append("types[]", type);
    const last = events.at(-1);
    if (last !== undefined) query.set("starting_after", last.id);
    const answer = await fetch(`${world.sandbox.origin}/v1/events?${query}`, {
      headers: { authorization: `Bearer ${accountKey}` },
    });
    const page = pageSchema.parse(await answer.json());
    events.push(...page.data);
    if (!page.has_more) return events;
  }
}

export function stripeRefunds(ledger: Ledger): { account: string; refund: StripeRefund }[] {
  return Object.entries(ledger.accounts).flatMap(([account, { refunds }]) =>
    refunds.map((refund) => ({ account, refund })),
  );
}

export const isDead = ({ status }: StripeRefund) => status === "failed" || status === "canceled";

/** The id of what Stripe names, which is never expanded here. */
export function idOf(reference: unknown): string {
  return typeof reference === "string" ? reference : "";
}

/** Whether the one took the place of the other, or of what had taken its place. */
export function isReplacementOf(
  { replaced }: Pick<Evidence, "replaced">,
  newer: string,
  older: string,
): boolean {
  const before = replaced.get(newer);
  return before !== undefined && (before === older || isReplacementOf({ replaced }, before, older));
}

/** The first refund of a row of replacements: what somebody asked for. */
export function firstOf({ replaced }: Pick<Evidence, "replaced">, refundId: string): string {
  const before = replaced.get(refundId);
  return before === undefined ? refundId : firstOf({ replaced }, before);
}

export function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
