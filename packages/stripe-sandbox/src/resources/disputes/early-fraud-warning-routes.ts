import { z } from "zod";
import { noSuch } from "../../errors.ts";
import { defineRoute, type Route } from "../../http/route.ts";
import { earlyFraudWarnings } from "../collections.ts";
import { listOfPayment, ofPaymentParams } from "../payments/list-of-payment.ts";
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
  params: z.strictObject(ofPaymentParams),
  returns: { list: "radar.early_fraud_warning" },
  run: (ctx, params) =>
    listOfPayment(ctx, earlyFraudWarnings, params, {
      url: "/v1/radar/early_fraud_warnings",
      noun: "early fraud warning",
      format: formatEarlyFraudWarning,
    }),
});

export const earlyFraudWarningRoutes: readonly Route[] = [retrieve, list];
