import { previewCustomerMail, previewInput } from "@redress/core/customer-mail/preview-customer-mail";
import { route } from "../../../../../../../src/access/route.ts";
import { slugParams } from "../../../../../../../src/rest/input.ts";

/** A draft as a customer would read it, with made-up facts. Nothing is kept or sent. */
export const POST = route(
  {
    permission: "apps.manage",
    owner: { app: ({ params }) => params.slug },
    params: slugParams,
    body: previewInput,
  },
  async ({ dependencies, params, body }) => ({
    preview: await previewCustomerMail(dependencies, { ...params, draft: body }),
  }),
);
