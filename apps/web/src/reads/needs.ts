import { listLongestAwaiting } from "@redress/core/approvals/list-awaiting";
import type { Dependencies } from "@redress/core/dependencies";
import { listOpenAlerts, type OpenAlert } from "@redress/core/list-open-alerts";
import { type OpenAlertKind, openAlertKinds } from "@redress/core/open-alert-conditions";
import { countDisputesDue, listDisputes, type OpenDispute } from "@redress/core/purchases/list-disputes";
import type { RefundSummary } from "@redress/core/refunds/refund-view";
import { apps, bulkRefunds } from "@redress/database";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { SignedIn } from "../access/operator.ts";
import { type Scope, scopeOf } from "../access/scope.ts";
import { countAlertsByKind, countProposals, countUndecided } from "./count-alerts.ts";
import { countAwaiting, countAwaitingLists } from "./count-awaiting.ts";

/** How many, and the most urgent few of them. */
interface Few<Item> {
  readonly count: number;
  readonly first: readonly Item[];
}

export interface WaitingList {
  readonly id: string;
  readonly app: string;
  readonly itemCount: number;
  readonly requestedAt: Date;
}

/** What only a person can settle, as far as this operator may see and settle it. */
export interface Needs {
  readonly awaiting: Few<RefundSummary>;
  readonly lists: Few<WaitingList>;
  /** Only kinds of which there are some, most pressing first. */
  readonly alerts: readonly (Few<OpenAlert> & { readonly kind: OpenAlertKind })[];
  readonly disputes: Few<OpenDispute>;
  readonly proposals: number;
  /** Differences between the books and Stripe. */
  readonly undecided: number;
}

const few = 3;

export async function readNeeds(dependencies: Dependencies, { grants }: SignedIn): Promise<Needs> {
  const [decides, reads] = [scopeOf(grants, "refunds.decide"), scopeOf(grants, "refunds.read")];
  const [awaiting, lists, alerts, disputes, proposals, undecided] = await Promise.all([
    fewOf(countAwaiting(dependencies, decides), () =>
      listLongestAwaiting(dependencies, { appIds: decides, limit: few }),
    ),
    fewOf(countAwaitingLists(dependencies, decides), () => longestAwaitingLists(dependencies, decides)),
    readAlerts(dependencies, reads),
    readDisputes(dependencies, scopeOf(grants, "purchases.read")),
    countProposals(dependencies, reads),
    countUndecided(dependencies, { grants }),
  ]);
  return { awaiting, lists, alerts, disputes, proposals, undecided };
}

/** Whether nothing needs anybody. */
export function isQuiet({ awaiting, lists, alerts, disputes, proposals, undecided }: Needs): boolean {
  const counts = [awaiting, lists, ...alerts, disputes].reduce((sum, { count }) => sum + count, 0);
  return counts + proposals + undecided === 0;
}

/** Nothing is listed where nothing was counted. */
async function fewOf<Item>(counted: Promise<number>, list: () => Promise<Item[]>): Promise<Few<Item>> {
  const count = await counted;
  return { count, first: count === 0 ? [] : await list() };
}

async function readAlerts(dependencies: Dependencies, appIds: Scope): Promise<Needs["alerts"]> {
  const counts = await countAlertsByKind(dependencies, appIds);
  const kinds = openAlertKinds.filter((kind) => counts[kind] > 0);
  const alerts = kinds.length === 0 ? [] : await listOpenAlerts(dependencies, { appIds, kinds, limit: few });
  return kinds.map((kind) => ({
    kind,
    count: counts[kind],
    first: alerts.filter((alert) => alert.kind === kind),
  }));
}

async function readDisputes(dependencies: Dependencies, appIds: Scope): Promise<Few<OpenDispute>> {
  const { count } = await countDisputesDue(dependencies, { appIds });
  if (count === 0) return { count, first: [] };
  const { disputes } = await listDisputes(dependencies, { appIds, limit: few });
  return { count, first: disputes.filter(({ disputeDueAt }) => disputeDueAt !== null) };
}

async function longestAwaitingLists(
  { database }: Pick<Dependencies, "database">,
  scope: Scope,
): Promise<WaitingList[]> {
  const { id, itemCount, requestedAt, status, appId } = bulkRefunds;
  return database
    .select({ id, app: apps.name, itemCount, requestedAt })
    .from(bulkRefunds)
    .innerJoin(apps, eq(apps.id, appId))
    .where(and(eq(status, "awaiting_approval"), scope === "all" ? undefined : inArray(appId, scope)))
    .orderBy(asc(requestedAt), asc(id))
    .limit(few);
}
