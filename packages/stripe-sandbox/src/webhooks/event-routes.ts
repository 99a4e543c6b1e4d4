import { z } from "zod";
import { API_VERSION } from "../api-version.ts";
import type { Context } from "../context.ts";
import { badRequest, noSuch } from "../errors.ts";
import { listPage } from "../http/lists.ts";
import { form, listParams } from "../http/params.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import { deliveryRecords } from "./delivery.ts";
import { matchesType } from "./endpoint.ts";
import { type EventRecord, eventRecords, formatEvent } from "./event.ts";

/** Source: contract section 5.6. */
const RETENTION_SECONDS = 30 * 24 * 60 * 60;
const MAXIMUM_TYPES = 20;

/** `/v1/events`: the account's own events of the last 30 days. */
export function eventRoutes(store: Store): Route[] {
  /** How many endpoints have not taken the event yet. */
  const pendingWebhooks = (event: EventRecord): number => {
    const deliveries = store.collection(SANDBOX_SCOPE, deliveryRecords).where("event", event.id);
    const delivered = new Set(deliveries.filter((d) => d.status === "delivered").map((d) => d.endpoint));
    return new Set(deliveries.map((d) => d.endpoint).filter((endpoint) => !delivered.has(endpoint))).size;
  };
  const format = (event: EventRecord) =>
    formatEvent(event, { apiVersion: API_VERSION, pendingWebhooks: pendingWebhooks(event) });
  const isKept = (ctx: Context, event: EventRecord): boolean =>
    event.created > ctx.nowSeconds() - RETENTION_SECONDS;

  const retrieve = defineRoute({
    method: "GET",
    path: "/v1/events/:id",
    params: z.strictObject({}),
    returns: "event",
    run(ctx, _params, { id }) {
      const event = ctx.collection(eventRecords).get(id);
      if (event === undefined || !isKept(ctx, event)) throw noSuch("event", id);
      return format(event);
    },
  });

  const list = defineRoute({
    method: "GET",
    path: "/v1/events",
    params: z.strictObject({
      ...listParams,
      type: form.text().optional(),
      types: z.array(form.text()).optional(),
      delivery_success: form.boolean().optional(),
    }),
    returns: { list: "event" },
    run(ctx, params) {
      const { type, types, delivery_success: success } = params;
      if (type !== undefined && types !== undefined) {
        throw badRequest("You may pass either type or types, but not both.");
      }
      if (types !== undefined && types.length > MAXIMUM_TYPES) {
        throw badRequest(`You may pass at most ${MAXIMUM_TYPES} types.`, { param: "types" });
      }
      const patterns = type === undefined ? types : [type];
      return listPage(ctx, eventRecords, params, {
        url: "/v1/events",
        noun: "event",
        format,
        filter: (event) =>
          isKept(ctx, event) &&
          (patterns === undefined || patterns.some((pattern) => matchesType(pattern, event.type))) &&
          (success === undefined || success === (pendingWebhooks(event) === 0)),
      });
    },
  });

  return [retrieve, list];
}
