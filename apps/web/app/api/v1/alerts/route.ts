import { countUndecidedDrifts, listOpenAlerts } from "@redress/core/list-open-alerts";
import { route } from "../../../../src/access/route.ts";

/** What waits for a person, as the rows are now. */
export const GET = route({ permission: "refunds.read", owner: "apps" }, async ({ dependencies, scope }) => ({
  alerts: await listOpenAlerts(dependencies, { appIds: scope }),
  undecidedDrifts: await countUndecidedDrifts(dependencies, { appIds: scope }),
}));
