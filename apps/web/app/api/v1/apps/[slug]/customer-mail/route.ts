import { changeCustomerMail } from "@redress/core/customer-mail/change-customer-mail";
import { customerMailChanges, getCustomerMail } from "@redress/core/customer-mail/customer-mail-settings";
import { route } from "../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../src/rest/input.ts";

/** Of what the app's customers are written to, and in which words. */
export const GET = route(
  { permission: "apps.read", owner: { app: ({ params }) => params.slug }, params: slugParams },
  async ({ dependencies, params }) => ({ customerMail: await getCustomerMail(dependencies, params) }),
);

/** What is left out stays; `"subject":null` and `"body":null` are the desk's own words again. */
export const PATCH = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: customerMailChanges,
  },
  async ({ dependencies, operator, params, body, correlationId }) => ({
    customerMail: await changeCustomerMail(dependencies, {
      ...params,
      changes: body,
      actor: { kind: "operator", id: operator.id },
      correlationId,
    }),
  }),
);
