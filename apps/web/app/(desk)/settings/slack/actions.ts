"use server";

import { setApprovalMail } from "@redress/core/approvals/approval-mail-setting";
import { RedressError } from "@redress/core/errors";
import { requirePermission } from "@redress/core/operators/permissions";
import { createLinkCode, unlinkSlackUser } from "@redress/core/slack/link-identity";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";

/** A code for oneself: whoever enters it in Slack is this operator there. */
export const makeCode = action(
  { permission: "refunds.decide", owner: "apps", input: z.object({ make: z.literal("code") }) },
  async ({ dependencies, operator }) => {
    if (dependencies.slack === null) {
      throw new RedressError(
        "slack_not_configured",
        "This desk has no Slack app. Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.",
      );
    }
    const { code } = await createLinkCode(dependencies, { operatorId: operator.id });
    return { code };
  },
);

/** One's own link, or, as an administrator of the desk, anybody's. */
export const unlink = action(
  {
    permission: "refunds.read",
    owner: "apps",
    input: z.object({ operatorId: z.string(), teamId: z.string(), userId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    if (input.operatorId !== operator.id) requirePermission(operator.grants, "operators.manage", "all");
    const actor = { kind: "operator", id: operator.id } as const;
    await unlinkSlackUser(dependencies, { ...input, actor, correlationId });
    return { unlinked: true };
  },
);

/** Whether requests come to oneself by e-mail as well. */
export const chooseMail = action(
  {
    permission: "refunds.read",
    owner: "apps",
    input: z.object({ form: z.literal("mail"), mail: z.literal("on").optional() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    await setApprovalMail(dependencies, {
      operatorId: operator.id,
      wanted: input.mail === "on",
      correlationId,
    });
    return { saved: true };
  },
);
