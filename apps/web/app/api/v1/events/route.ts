import { listEvents } from "@redress/core/webhooks/list-events";
import { route } from "../../../../src/access/route.ts";
import { eventFilter } from "../../../../src/rest/events-input.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const query = listQuery.extend(eventFilter.shape);

/** What came in from Stripe, newest first. */
export const GET = route(
  { permission: "audit.read", owner: "apps", query },
  async ({ dependencies, query, scope }) => listEvents(dependencies, { ...query, appIds: scope }),
);
