import { z } from "zod";
import { accountInvalid } from "../http/authenticate.ts";
import { defineRoute, type Route } from "../http/route.ts";
import type { AccountDirectory } from "./directory.ts";
import { formatAccount } from "./format-account.ts";

/** `/v1/account` and `/v1/accounts/:id`: oneself, and for the platform its connected accounts. */
export function accountRoutes(directory: AccountDirectory): Route[] {
  const own = defineRoute({
    method: "GET",
    path: "/v1/account",
    params: z.strictObject({}),
    returns: "account",
    run: (ctx) => formatAccount(ctx.accountRecord()),
  });

  const retrieve = defineRoute({
    method: "GET",
    path: "/v1/accounts/:id",
    params: z.strictObject({}),
    returns: "account",
    run(ctx, _params, { id }) {
      const platform = directory.platform();
      const isReachable =
        id === ctx.account || (ctx.account === platform.id && directory.connection(id) !== undefined);
      const account = directory.accounts.get(id);
      if (account !== undefined && isReachable) return formatAccount(account);
      const { secretKey } = ctx.application === null ? ctx.accountRecord() : platform;
      throw accountInvalid(secretKey, id);
    },
  });

  return [own, retrieve];
}
