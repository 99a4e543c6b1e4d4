"use server";

import { approveRefund } from "@redress/core/approvals/approve-refund";
import { listAlike } from "@redress/core/approvals/list-alike";
import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError, RedressError } from "@redress/core/errors";
import { permittedApps } from "@redress/core/operators/permissions";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";
import { withSearch } from "../../../src/http/search.ts";

const refundField = /^refund:(rfd_\w{1,40})$/;

/**
 * Approves requests that have one verdict, each by itself: one that was decided meanwhile, that this person may not
 * decide, or that by today's policy needs somebody else too, is left out of the count of those that go to Stripe.
 */
export const approveTogether = action(
  { permission: "refunds.decide", owner: "apps", input: z.record(z.string(), z.unknown()) },
  async ({ dependencies, operator, input, correlationId }) => {
    const refundIds = Object.keys(input).flatMap((name) => refundField.exec(name)?.[1] ?? []);
    const note = z.string().trim().max(2000).catch("").parse(input.note);
    const apps = permittedApps(operator.grants, "refunds.decide");
    const alike = await requireAlike(dependencies, apps === "all" ? "all" : [...apps], refundIds);
    let [approved, endorsed] = [0, 0];
    for (const refundId of alike) {
      const decision = {
        refundId,
        operatorId: operator.id,
        correlationId,
        note: note === "" ? undefined : note,
      };
      try {
        const { status } = await approveRefund(dependencies, decision);
        if (status === "awaiting_approval") endorsed += 1;
        else approved += 1;
      } catch (error) {
        if (!isRedressError(error)) throw error;
      }
    }
    const left = refundIds.length - approved - endorsed;
    const some = (count: number) => (count > 0 ? String(count) : undefined);
    redirect(
      withSearch("/approvals", { approved: String(approved), endorsed: some(endorsed), left: some(left) }),
    );
  },
);

/**
 * Those of the requests that still wait, in one group.
 *
 * @throws RedressError `invalid_input` when there is none, or they are of several
 */
async function requireAlike(
  dependencies: Dependencies,
  appIds: string[] | "all",
  refundIds: readonly string[],
): Promise<string[]> {
  const groups = await listAlike(dependencies, { appIds });
  const asked = groups.map(({ refunds }) => refunds.filter(({ id }) => refundIds.includes(id)));
  const [group, another] = asked.filter((refunds) => refunds.length > 0);
  if (group !== undefined && another === undefined) return group.map(({ id }) => id);
  throw new RedressError(
    "invalid_input",
    "These requests do not have one verdict any more, or were decided. Nothing was approved: go back to the approvals.",
  );
}
