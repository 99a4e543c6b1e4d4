import { approve, askForRefund, findPurchases, refundWhen } from "../desk.ts";
import { chapter, eventually, expectEqual, StoryBroken, step } from "../report.ts";
import { type Chapter, shopOf } from "./cast.ts";
import { customerSees, expectOneRefund } from "./ledger.ts";

const buyer = { email: "lin@example.com", name: "Lin Wei" };

export const failedLater: Chapter = async (cast) => {
  chapter("A refund that fails two weeks later");
  const { app, shop } = shopOf(cast, "pixel-atelier");
  const chargeId = await buy(shop.url);
  const purchase = await eventually("The sale reaching Redress", async () =>
    (await findPurchases(cast.support, buyer.email, app.slug)).find(
      (found) => found.productName === "Colour for Engineers",
    ),
  );
  step("Lin bought a course in the shop; Redress saw it through Stripe and the shop's report", {
    charge: chargeId,
    purchase: purchase.id,
  });

  const asked = await askForRefund(cast.support, { purchaseId: purchase.id });
  await approve(cast.admin, asked.id, "Within the guarantee");
  const paid = await refundWhen(
    cast.support,
    asked.id,
    "succeeded and access revoked",
    (refund) => refund.status === "succeeded" && refund.accessStatus === "done",
  );
  if (paid.stripeRefundId === null) throw new StoryBroken("A refund that succeeded has no id at Stripe.");
  expectEqual("Lin's page", await customerSees(shop.url, buyer.email, chargeId), "revoked");
  step("Refunded, access revoked", { refund: asked.id, stripe: paid.stripeRefundId });

  await cast.world.sandbox.admin.advanceRefund(paid.stripeRefundId, {
    account: app.accountId,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
  });
  const failed = await refundWhen(
    cast.support,
    asked.id,
    "failed, and the app told",
    (refund) =>
      refund.status === "failed" &&
      refund.notifications.some(({ type, status }) => type === "refund.failed" && status === "done"),
  );
  await expectOneRefund(cast, {
    accountId: app.accountId,
    chargeId,
    refundId: asked.id,
    amount: purchase.amountCaptured,
    status: "failed",
  });
  expectEqual("Lin's page", await customerSees(shop.url, buyer.email, chargeId), "access");
  step("The bank sent the money back: Redress noticed, told the shop, and Lin has the course again", {
    status: failed.status,
    because: failed.failureReason,
  });
};

async function buy(shopUrl: string): Promise<string> {
  const response = await fetch(`${shopUrl}/buy`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...buyer,
      course: "Colour for Engineers",
      amount: 12_900,
      currency: "usd",
      orderNumber: "PA-LIN-1",
    }),
  });
  const { order } = (await response.json()) as { order?: { chargeId: string } };
  if (order === undefined) throw new StoryBroken(`The shop sold nothing: ${response.status}`);
  return order.chargeId;
}
