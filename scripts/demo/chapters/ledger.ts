import { expectEqual, StoryBroken } from "../report.ts";
import type { Cast } from "./cast.ts";

/** The refunds that really exist at Stripe for a charge. */
export async function stripeRefunds(cast: Cast, accountId: string, chargeId: string) {
  const { accounts } = await cast.world.sandbox.admin.ledger();
  return (accounts[accountId]?.refunds ?? []).filter(({ charge }) => charge === chargeId);
}

/** Checks a refund in Stripe's ledger and in the database: one of each, and equal. */
export async function expectOneRefund(
  cast: Cast,
  expected: { accountId: string; chargeId: string; refundId: string; amount: number; status: string },
): Promise<string> {
  const made = await stripeRefunds(cast, expected.accountId, expected.chargeId);
  const ours = made.filter(({ metadata }) => metadata?.redress_refund_id === expected.refundId);
  expectEqual("Refunds at Stripe for one approval", ours.length, 1);
  const [stripe] = ours;
  if (stripe === undefined) throw new StoryBroken("Stripe has no such refund.");
  expectEqual(
    "Stripe's amount and status",
    [stripe.amount, stripe.status],
    [expected.amount, expected.status],
  );

  const { rows } = await cast.world.database.query(
    "select status, amount::int as amount, stripe_refund_id from refunds where id = $1",
    [expected.refundId],
  );
  expectEqual("Redress's row", rows, [
    { status: expected.status, amount: expected.amount, stripe_refund_id: stripe.id },
  ]);
  return stripe.id;
}

/** What the customer's own page in the shop says about one purchase. */
export async function customerSees(
  shopUrl: string,
  email: string,
  chargeId: string,
): Promise<"access" | "revoked"> {
  const page = await (await fetch(`${shopUrl}/customers/${encodeURIComponent(email)}`)).text();
  const course = page.split('<div class="course"').find((part) => part.includes(`data-charge="${chargeId}"`));
  if (course === undefined) throw new StoryBroken(`The shop shows no order ${chargeId} to ${email}.`);
  return course.includes("Access revoked") ? "revoked" : "access";
}
