import {
  askForRefund,
  confirmedByWebhook,
  findPurchases,
  getPurchase,
  refundWhen,
  refusal,
} from "../desk.ts";
import { chapter, expectEqual, StoryBroken, step } from "../report.ts";
import { type Cast, type Chapter, shopOf } from "./cast.ts";
import { customerSees, expectOneRefund, stripeRefunds } from "./ledger.ts";

async function pickPurchase(cast: Cast) {
  const { app } = shopOf(cast, "type-school");
  const purchases = await findPurchases(cast.support, "", app.slug);
  const purchase = purchases.find(
    ({ amountLeft, amountCaptured, currency }) =>
      currency === "eur" && amountLeft === amountCaptured && amountCaptured > 2500,
  );
  if (!purchase?.customerEmail) throw new StoryBroken("No purchase to refund.");
  return { ...purchase, customerEmail: purchase.customerEmail };
}

export const partialRefund: Chapter = async (cast) => {
  chapter("A partial refund, allowed by the app's rule");
  const { app, shop } = shopOf(cast, "type-school");
  const purchase = await pickPurchase(cast);
  const asked = await askForRefund(cast.support, {
    purchaseId: purchase.id,
    amount: 2500,
    currency: "eur",
    reason: "duplicate",
  });
  const done = await refundWhen(
    cast.support,
    asked.id,
    "confirmed by webhook and the app told",
    (refund) =>
      refund.status === "succeeded" &&
      confirmedByWebhook(refund) &&
      refund.notifications[0]?.status === "done",
  );
  expectEqual("Who decided", done.approval?.decidedBy.kind, "policy");
  const stripeRefund = await expectOneRefund(cast, {
    accountId: app.accountId,
    chargeId: purchase.stripeChargeId,
    refundId: asked.id,
    amount: 2500,
    status: "succeeded",
  });
  expectEqual(
    "What is left",
    (await getPurchase(cast.support, purchase.id)).amountLeft,
    purchase.amountCaptured - 2500,
  );
  expectEqual(
    "The customer's page",
    await customerSees(shop.url, purchase.customerEmail, purchase.stripeChargeId),
    "access",
  );
  step("25.00 EUR returned at once, without a person; the customer keeps the course", {
    refund: asked.id,
    stripe: stripeRefund,
    left: purchase.amountCaptured - 2500,
  });
};

export const overRefund: Chapter = async (cast) => {
  chapter("More than is left");
  const { app } = shopOf(cast, "type-school");
  const purchase = await pickPurchase(cast);
  const before = await stripeRefunds(cast, app.accountId, purchase.stripeChargeId);
  const refused = await refusal(cast.support, "/api/v1/refunds", {
    purchaseId: purchase.id,
    amount: purchase.amountLeft + 1,
    currency: purchase.currency,
  });
  expectEqual("The refusal", refused.code, "amount_exceeds_remaining");
  expectEqual("Refunds at Stripe", await stripeRefunds(cast, app.accountId, purchase.stripeChargeId), before);
  expectEqual("What is left", (await getPurchase(cast.support, purchase.id)).amountLeft, purchase.amountLeft);
  step("One cent too much is refused before Stripe is asked", { error: refused.code, says: refused.message });
};
