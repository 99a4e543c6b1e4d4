import { listComparisons } from "@redress/core/reconciliation/list-comparisons";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { startComparison } from "../../../../src/rest/start-comparison.ts";

/** How the books of each app stand: the last comparison with Stripe, the one that runs, the next. */
export const GET = route({ permission: "audit.read", owner: "apps" }, async ({ dependencies, scope }) => ({
  comparisons: await listComparisons(dependencies, { appIds: scope }),
}));

const body = z.strictObject({
  app: z.string(),
  since: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
});

/** Starts a comparison now. The same question while it runs is the same run. */
export const POST = route(
  { permission: "connections.manage", owner: { app: ({ body: { app } }) => app }, body, status: 202 },
  async ({ dependencies, operator: { id }, body: { app, since } }) =>
    startComparison(dependencies, { appSlug: app, since, askedBy: { kind: "operator", id } }),
);
