import { z } from "zod";
import { noSuch } from "../../errors.ts";
import { listPage } from "../../http/lists.ts";
import { form, listParams } from "../../http/params.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { earlyFraudWarnings } from "../collections.ts";
import { formatEarlyFraudWarning } from "./early-fraud-warning.ts";

const retrieve = defineRoute({
  method: "GET",
  path: "/v1/radar/early_fraud_warnings/:id",
  params: z.strictObject({}),
  returns: "radar.early_fraud_warning",
  run: (ctx, _params, { id }) => {
    const warning = ctx.collection(earlyFraudWarnings).get(id);
    if (!warning) throw noSuch("early fraud warning", id, "early_fraud_warning");
    return formatEarlyFraudWarning(warning);
  },
});

const list = defineRoute({
  method: "GET",
  path: "/v1/radar/early_fraud_warnings",
  params: z.strictObject({
    ...listParams,
    charge: form.text().optional(),
    payment_intent: form.text().optional(),
  }),
  returns: { list: "radar.early_fraud_warning" },
  run: (ctx, params) => {
    const { charge, payment_intent } = params;
    return listPage(ctx, earlyFraudWarnings, params, {
      url: "/v1/radar/early_fraud_warnings",
      noun: "early fraud warning",
      format: formatEarlyFraudWarning,
      index:
        charge !== undefined
          ? { name: "charge", value: charge }
          : payment_intent !== undefined
            ? { name: "paymentIntent", value: payment_intent }
            : undefined,
      filter: (warning) => payment_intent === undefined || warning.paymentIntent === payment_intent,
    });
  },
});

export const earlyFraudWarningRoutes: readonly Route[] = [retrieve, list];
