import { approve, askForRefund, confirmedByWebhook, findPurchases, refundWhen, refusal } from "../desk.ts";
import { chapter, expectEqual, StoryBroken, step } from "../report.ts";
import { type Chapter, shopOf } from "./cast.ts";
import { customerSees, expectOneRefund } from "./ledger.ts";

export const fullRefund: Chapter = async (cast) => {
  chapter("A full refund, decided by a person");
  const { app, shop } = shopOf(cast, "type-school");
  const purchase = (await findPurchases(cast.support, "", app.slug)).find(
    ({ amountLeft, amountCaptured, currency }) =>
      amountLeft === amountCaptured && currency === "eur" && amountLeft > 5000,
  );
  if (!purchase?.customerEmail) throw new StoryBroken("No purchase to refund.");

  const asked = await askForRefund(cast.support, {
    purchaseId: purchase.id,
    note: "Bought the wrong course",
  });
  expectEqual("The request", [asked.status, asked.amount], ["awaiting_approval", purchase.amountCaptured]);
  step("Sam asked for all that is left; the amount is above the app's rule, so a person decides", {
    refund: asked.id,
    amount: `${asked.amount} ${asked.currency}`,
    status: asked.status,
  });

  const own = await refusal(cast.support, `/api/v1/refunds/${asked.id}/approve`, {});
  expectEqual("Sam approving", own.status, 403);
  step("Sam cannot approve it", { error: own.code });

  await approve(cast.admin, asked.id, "Fine");
  const done = await refundWhen(
    cast.support,
    asked.id,
    "confirmed by webhook and access revoked",
    (refund) => refund.status === "succeeded" && confirmedByWebhook(refund) && refund.accessStatus === "done",
  );
  const stripeRefund = await expectOneRefund(cast, {
    accountId: app.accountId,
    chargeId: purchase.stripeChargeId,
    refundId: asked.id,
    amount: purchase.amountCaptured,
    status: "succeeded",
  });
  step("Ada approved; created once on the app's own account, confirmed by Stripe's webhook", {
    stripe: stripeRefund,
    key: done.idempotencyKey,
  });
  expectEqual(
    "The customer's page",
    await customerSees(shop.url, purchase.customerEmail, purchase.stripeChargeId),
    "revoked",
  );
  step(`${app.name} was told and revoked access: the customer's page says so`, {
    notification: done.notifications[0]?.id,
    page: `${shop.url}/customers/${purchase.customerEmail}`,
  });
};
