import type { AgentPermission } from "@redress/database";

/** What a key may do, for people. */
export const permissionNames: Readonly<Record<AgentPermission, string>> = {
  "purchases.read": "look at purchases",
  "refunds.read": "look at refunds",
  "refunds.request": "ask for refunds",
  "refunds.withdraw": "withdraw requests",
};
