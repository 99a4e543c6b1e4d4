import { z } from "zod";
import { noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { applicationFees } from "../collections.ts";
import { formatApplicationFee } from "./application-fee.ts";

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/application_fees/:id",
  params: z.strictObject({}),
  returns: "application_fee",
  run: (ctx, _params, { id }) => {
    const fee = ctx.collection(applicationFees).get(id);
    if (!fee) throw noSuch("application fee", id, "id");
    return formatApplicationFee(fee);
  },
});

const list = defineRoute({
  method: "GET",
  path: "/v1/application_fees",
  params: z.strictObject({ ...listParams, charge: form.text().optional() }),
  returns: { list: "application_fee" },
  run: (ctx, params) =>
    listPage(ctx, applicationFees, params, {
      url: "/v1/application_fees",
      noun: "application fee",
      format: formatApplicationFee,
      filter: ({ charge }) => params.charge === undefined || charge === params.charge,
    }),
});

export const applicationFeeRoutes: readonly Route[] = [retrieve, list];
