import { listDeliveries } from "@redress/core/notifications/list-deliveries";
import { route } from "../../../../src/access/route.ts";
import { deliveryFilter } from "../../../../src/rest/deliveries-input.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const query = listQuery.extend(deliveryFilter.shape);

/** What apps were told, newest first. */
export const GET = route(
  { permission: "audit.read", owner: "apps", query },
  async ({ dependencies, query, scope }) => listDeliveries(dependencies, { ...query, appIds: scope }),
);
