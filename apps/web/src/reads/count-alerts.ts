import type { OperatorGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { countOpenAlertsByKind, countUndecidedDrifts } from "@redress/core/list-open-alerts";
import { openAlertKinds } from "@redress/core/open-alert-conditions";
import { countOpenProposals } from "@redress/core/proposals/list-proposals";
import { type Scope, scopeOf } from "../access/scope.ts";
import { oncePerRequest } from "./once-per-request.ts";

/** How many refunds of these apps need a person, by why. */
export const countAlertsByKind = oncePerRequest((dependencies, appIds) =>
  countOpenAlertsByKind(dependencies, { appIds }),
);

/** On how many proposed refunds of these apps nobody has decided. */
export const countProposals = oncePerRequest((dependencies, appIds) =>
  countOpenProposals(dependencies, { appIds }),
);

const countDrifts = oncePerRequest((dependencies, appIds) => countUndecidedDrifts(dependencies, { appIds }));

/**
 * Differences that only a person can judge, in the apps whose drifts the operator may read: a count says
 * no more than the list that it leads to.
 */
export function countUndecided(
  dependencies: Dependencies,
  { grants }: { grants: OperatorGrants },
): Promise<number> {
  return countDrifts(dependencies, scopeOf(grants, "audit.read"));
}

/** The number beside "Needs you": refunds and proposed refunds of these apps, and differences where the operator may read them. */
export async function countAlerts(
  dependencies: Dependencies,
  { grants, appIds }: { grants: OperatorGrants; appIds: Scope },
): Promise<number> {
  const [alerts, proposals, undecided] = await Promise.all([
    countAlertsByKind(dependencies, appIds),
    countProposals(dependencies, appIds),
    countUndecided(dependencies, { grants }),
  ]);
  return openAlertKinds.reduce((sum, kind) => sum + alerts[kind], proposals + undecided);
}
