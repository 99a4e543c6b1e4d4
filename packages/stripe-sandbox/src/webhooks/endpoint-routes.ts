import { z } from "zod";
import type { Context } from "../context.ts";
import { badRequest, noSuch } from "../errors.ts";
import { listPage } from "../http/lists.ts";
import { form, listParams, mergeMetadata } from "../http/params.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { type EndpointRecord, endpointRecords, formatEndpoint } from "./endpoint.ts";

/** Source: Stripe webhooks, "you can register up to 16 webhook endpoints". */
const MAXIMUM_ENDPOINTS = 16;

const enabledEvents = z.array(
  form.text(100).refine((type) => type === "*" || /^[a-z_]+(\.[a-z_]+)+$/.test(type), {
    message: "Invalid enabled_events: must be event types such as refund.created, or *",
  }),
);

const address = form.text().refine((url) => URL.canParse(url) && /^https?:/.test(url), {
  message: "Invalid URL: An explicit scheme (such as https) must be provided.",
  params: { code: "url_invalid" },
});

const description = form.clearable(form.text()).optional();

function find(ctx: Context, id: string): EndpointRecord {
  const endpoint = ctx.collection(endpointRecords).get(id);
  if (endpoint === undefined) throw noSuch("webhook endpoint", id, "webhook_endpoint");
  return endpoint;
}

/** `/v1/webhook_endpoints`; `clientId` is the application of Connect endpoints. */
export function endpointRoutes(clientId: () => string): Route[] {
  const create = defineRoute({
    method: "POST",
    path: "/v1/webhook_endpoints",
    params: z.strictObject({
      url: address,
      enabled_events: enabledEvents,
      connect: form.boolean().optional(),
      api_version: form.text().optional(),
      description,
      metadata: form.metadata().optional(),
    }),
    returns: "webhook_endpoint",
    run(ctx, params) {
      const endpoints = ctx.collection(endpointRecords);
      if (endpoints.size >= MAXIMUM_ENDPOINTS) {
        throw badRequest(`You have reached the maximum of ${MAXIMUM_ENDPOINTS} test webhook endpoints.`);
      }
      const connect = params.connect ?? false;
      const endpoint = endpoints.put({
        id: ctx.id("we_1", 23),
        created: ctx.nowSeconds(),
        url: params.url,
        secret: ctx.id("whsec_", 32),
        connect,
        application: connect ? clientId() : null,
        enabled_events: params.enabled_events,
        api_version: params.api_version ?? null,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
        status: "enabled",
      });
      return formatEndpoint(endpoint, { secret: true });
    },
  });

  const retrieve = defineRoute({
    method: "GET",
    path: "/v1/webhook_endpoints/:id",
    params: z.strictObject({}),
    returns: "webhook_endpoint",
    run: (ctx, _params, { id }) => formatEndpoint(find(ctx, id), { secret: false }),
  });

  const update = defineRoute({
    method: "POST",
    path: "/v1/webhook_endpoints/:id",
    params: z.strictObject({
      url: address.optional(),
      enabled_events: enabledEvents.optional(),
      disabled: form.boolean().optional(),
      description,
      metadata: form.metadata().optional(),
    }),
    returns: "webhook_endpoint",
    run(ctx, params, { id }) {
      const before = find(ctx, id);
      const disabled = params.disabled ?? before.status === "disabled";
      const endpoint = ctx.collection(endpointRecords).put({
        ...before,
        url: params.url ?? before.url,
        enabled_events: params.enabled_events ?? before.enabled_events,
        description: params.description === undefined ? before.description : params.description,
        metadata: mergeMetadata(before.metadata, params.metadata),
        status: disabled ? "disabled" : "enabled",
      });
      return formatEndpoint(endpoint, { secret: false });
    },
  });

  const remove = defineRoute({
    method: "DELETE",
    path: "/v1/webhook_endpoints/:id",
    params: z.strictObject({}),
    run(ctx, _params, { id }) {
      find(ctx, id);
      ctx.collection(endpointRecords).delete(id);
      return { id, object: "webhook_endpoint", deleted: true };
    },
  });

  const list = defineRoute({
    method: "GET",
    path: "/v1/webhook_endpoints",
    params: z.strictObject(listParams),
    returns: { list: "webhook_endpoint" },
    run: (ctx, params) =>
      listPage(ctx, endpointRecords, params, {
        url: "/v1/webhook_endpoints",
        noun: "webhook endpoint",
        format: (endpoint) => formatEndpoint(endpoint, { secret: false }),
      }),
  });

  return [create, retrieve, update, remove, list];
}
