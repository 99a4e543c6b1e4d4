import type { OperatorGrants } from "@redress/core/actor";
import type { Dependencies } from "@redress/core/dependencies";
import { countOpenAlerts, countUndecidedDrifts } from "@redress/core/list-open-alerts";
import { type Scope, scopeOf } from "../access/scope.ts";

/** The number beside "Needs you": refunds of these apps, and differences where the operator may read them. */
export async function countAlerts(
  dependencies: Dependencies,
  { grants, appIds }: { grants: OperatorGrants; appIds: Scope },
): Promise<number> {
  const [alerts, undecided] = await Promise.all([
    countOpenAlerts(dependencies, { appIds }),
    countUndecidedDrifts(dependencies, { appIds: scopeOf(grants, "audit.read") }),
  ]);
  return alerts + undecided;
}
