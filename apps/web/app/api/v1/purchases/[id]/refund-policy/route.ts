import { getRefundPolicy } from "@redress/core/tools/refund-policy";
import { callerRoute } from "../../../../../../src/access/route.ts";
import { idParams, refundPolicyQuery } from "../../../../../../src/rest/input.ts";

/** What would become of a refund that the caller asked for now. Writes nothing. */
export const GET = callerRoute(
  {
    permission: "purchases.read",
    owner: { purchase: ({ params }) => params.id },
    params: idParams,
    query: refundPolicyQuery,
  },
  async ({ dependencies, requester, params, query }) => ({
    policy: await getRefundPolicy(dependencies, { purchaseId: params.id, ...query }, { requester }),
  }),
);
