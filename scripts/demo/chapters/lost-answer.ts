import { askForRefund, findPurchases, refundWhen } from "../desk.ts";
import { chapter, expectEqual, StoryBroken, step } from "../report.ts";
import { type Chapter, shopOf } from "./cast.ts";
import { expectOneRefund } from "./ledger.ts";

export const lostAnswer: Chapter = async (cast) => {
  chapter("Stripe's answer is lost");
  const { app } = shopOf(cast, "type-school");
  const purchase = (await findPurchases(cast.support, "", app.slug)).find(
    ({ amountLeft, amountCaptured, currency }) => currency === "eur" && amountLeft === amountCaptured,
  );
  if (purchase === undefined) throw new StoryBroken("No purchase to refund.");

  const { admin } = cast.world.sandbox;
  // Executed at Stripe, and the connection cut before the answer: the moment at which scripts pay twice.
  // Webhooks are held back meanwhile, so that only asking again can tell what became of it.
  await admin.setDelivery({ mode: "hold" });
  await admin.addFault({
    fault: "drop_after",
    method: "POST",
    path: "/v1/refunds",
    times: 1,
  });
  const asked = await askForRefund(cast.support, { purchaseId: purchase.id, amount: 1000, currency: "eur" });
  const done = await refundWhen(
    cast.support,
    asked.id,
    "settled after a lost answer",
    ({ status }) => status === "succeeded",
  );
  await admin.setDelivery({ mode: "normal" });
  expectEqual(
    "The attempts",
    done.attempts.map(({ outcome }) => outcome),
    ["unknown", "accepted"],
  );
  const stripeRefund = await expectOneRefund(cast, {
    accountId: app.accountId,
    chargeId: purchase.stripeChargeId,
    refundId: asked.id,
    amount: 1000,
    status: "succeeded",
  });
  step("The connection was cut after Stripe had acted: asked again under the same key, paid once", {
    refund: asked.id,
    stripe: stripeRefund,
    attempts: done.attempts.map(({ outcome }) => outcome ?? "open").join(" → "),
  });
};
