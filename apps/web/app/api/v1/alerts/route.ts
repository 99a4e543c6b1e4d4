import { listOpenAlerts } from "@redress/core/list-open-alerts";
import { route } from "../../../../src/access/route.ts";
import { countUndecided } from "../../../../src/reads/count-alerts.ts";

/** What waits for a person, as the rows are now. */
export const GET = route({ permission: "refunds.read", owner: "apps" }, async (context) => {
  const { dependencies, operator, scope } = context;
  return {
    alerts: await listOpenAlerts(dependencies, { appIds: scope }),
    undecidedDrifts: await countUndecided(dependencies, operator),
  };
});
