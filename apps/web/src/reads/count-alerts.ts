import type { OperatorGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { countOpenAlerts, countUndecidedDrifts } from "@redress/core/list-open-alerts";
import { countOpenProposals } from "@redress/core/proposals/list-proposals";
import { type Scope, scopeOf } from "../access/scope.ts";

/**
 * Differences that only a person can judge, in the apps whose drifts the operator may read: a count says
 * no more than the list that it leads to.
 */
export function countUndecided(
  dependencies: Dependencies,
  { grants }: { grants: OperatorGrants },
): Promise<number> {
  return countUndecidedDrifts(dependencies, { appIds: scopeOf(grants, "audit.read") });
}

/** The number beside "Needs you": refunds and proposed refunds of these apps, and differences where the operator may read them. */
export async function countAlerts(
  dependencies: Dependencies,
  { grants, appIds }: { grants: OperatorGrants; appIds: Scope },
): Promise<number> {
  const [alerts, proposals, undecided] = await Promise.all([
    countOpenAlerts(dependencies, { appIds }),
    countOpenProposals(dependencies, { appIds }),
    countUndecided(dependencies, { grants }),
  ]);
  return alerts + proposals + undecided;
}
