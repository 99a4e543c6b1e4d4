// What becomes of a refund, against Stripe's documented behaviour.
import { describe, expect, test } from "vitest";
import { AdminRefusal, type RefundStatus } from "./admin.ts";
import { pay } from "./payment.ts";
import { refunding } from "./refunding.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const { refund, move, fetched, refundIn } = refunding(target);
const day = 86_400_000;

describe("status", () => {
  const allowed: [RefundStatus, RefundStatus][] = [
    ["pending", "succeeded"],
    ["pending", "failed"],
    ["pending", "canceled"],
    ["pending", "requires_action"],
    ["requires_action", "pending"],
    ["requires_action", "canceled"],
    ["succeeded", "failed"],
  ];
  sandboxOnly.each(allowed)("4.4 %s → %s", async (from, to) => {
    const { id } = await refundIn(from);
    await move(id, to);
    expect((await fetched(id)).status).toBe(to);
  });

  const states: RefundStatus[] = ["succeeded", "failed", "canceled", "pending", "requires_action"];
  const forbidden = states.flatMap((from) =>
    states
      .filter((to) => to !== from && !allowed.some(([a, b]) => a === from && b === to))
      .map((to) => [from, to] as const),
  );
  sandboxOnly.each(forbidden)("4.4 never %s → %s", async (from, to) => {
    const { id } = await refundIn(from);
    await expect(move(id, to)).rejects.toThrow(AdminRefusal);
    expect((await fetched(id)).status).toBe(from);
  });

  sandboxOnly.each([
    "lost_or_stolen_card",
    "expired_or_canceled_card",
    "charge_for_pending_refund_disputed",
    "insufficient_funds",
    "declined",
    "merchant_request",
    "unknown",
  ])("4.4 failure_reason %s", async (reason) => {
    const { id } = await refundIn("succeeded");
    await move(id, "failed", reason);
    expect(await fetched(id)).toMatchObject({ status: "failed", failure_reason: reason });
  });

  sandboxOnly("4.4 a failed refund returns its amount by failure_balance_transaction", async () => {
    const { id, charge } = await refundIn("succeeded");
    await move(id, "failed", "declined");
    const failed = await stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction"] }, on);
    expect(failed).toMatchObject({
      amount: 2000,
      failure_balance_transaction: { object: "balance_transaction", type: "refund_failure", amount: 2000 },
    });
    expect((await refund({ charge })).amount).toBe(5000);
  });

  sandboxOnly("4.4 a canceled refund counts as failed: merchant_request and its money back", async () => {
    const { id } = await refundIn("canceled");
    expect(await fetched(id)).toMatchObject({
      status: "canceled",
      failure_reason: "merchant_request",
      failure_balance_transaction: expect.stringMatching(/^txn_/),
    });
  });

  sandboxOnly("4.4 too little balance: a card refund waits, and is done when money arrives", async () => {
    const merchant = await target.admin.newAccount();
    const there = { stripeAccount: merchant.id };
    const { charge } = await pay(target, {}, there);
    await target.admin.balance(merchant.id, 100);
    const made = await stripe.refunds.create({ charge, amount: 3000 }, there);
    expect(made).toMatchObject({ status: "pending", pending_reason: "insufficient_funds" });
    await target.admin.balance(merchant.id, 10_000);
    await target.admin.advance(day);
    const done = await stripe.refunds.retrieve(made.id, {}, there);
    expect(done).toMatchObject({ status: "succeeded", balance_transaction: expect.stringMatching(/^txn_/) });
    expect(done).not.toHaveProperty("pending_reason");
  });

  sandboxOnly(
    "4.10 pm_card_refundFail: succeeds, then fails by itself as expired_or_canceled_card",
    async () => {
      const { charge } = await pay(target, { payment_method: "pm_card_refundFail" });
      const { id, status } = await refund({ charge });
      expect(status).toBe("succeeded");
      await target.admin.advance(day);
      expect(await fetched(id)).toMatchObject({
        status: "failed",
        failure_reason: "expired_or_canceled_card",
        failure_balance_transaction: expect.stringMatching(/^txn_/),
      });
    },
  );

  test("4.10 pm_card_pendingRefund starts pending", async () => {
    const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
    expect(await refund({ charge })).toMatchObject({
      status: "pending",
      pending_reason: expect.stringMatching(/^(processing|insufficient_funds|charge_pending)$/),
    });
  });

  sandboxOnly("4.10 pm_card_pendingRefund succeeds later by itself", async () => {
    const { id } = await refundIn("pending");
    await target.admin.advance(day);
    expect((await fetched(id)).status).toBe("succeeded");
  });
});

describe("cancel and expire", () => {
  sandboxOnly("4.1 cancel works from requires_action", async () => {
    const { id } = await refundIn("requires_action");
    expect(await stripe.refunds.cancel(id, {}, on)).toMatchObject({ id, status: "canceled" });
    expect((await fetched(id)).status).toBe("canceled");
  });

  sandboxOnly("4.1 expire works from requires_action, and ends canceled or failed", async () => {
    const { id } = await refundIn("requires_action");
    const expired = await stripe.testHelpers.refunds.expire(id, {}, on);
    expect(expired.status).toMatch(/^(canceled|failed)$/);
  });

  sandboxOnly("4.4 after a cancel the amount can be refunded again", async () => {
    const { id, charge } = await refundIn("requires_action");
    await stripe.refunds.cancel(id, {}, on);
    expect((await refund({ charge })).amount).toBe(5000);
  });

  test("4.5 cancel of a succeeded refund → 400 without code", async () => {
    const made = await refund({ charge: (await pay(target)).charge });
    expect(await refusal(stripe.refunds.cancel(made.id, {}, on))).toMatchObject({
      status: 400,
      code: undefined,
      message: expect.stringMatching(/Canceling this refund is unsupported/),
    });
    expect((await fetched(made.id)).status).toBe("succeeded");
  });

  sandboxOnly.each(["succeeded", "failed", "canceled"] as const)(
    "4.1 expire of a %s refund → 400",
    async (status) => {
      const { id } = await refundIn(status);
      expect((await refusal(stripe.testHelpers.refunds.expire(id, {}, on))).status).toBe(400);
    },
  );

  test.each([
    ["retrieve", (id: string) => stripe.refunds.retrieve(id, {}, on)],
    ["update", (id: string) => stripe.refunds.update(id, { metadata: { a: "1" } }, on)],
    ["cancel", (id: string) => stripe.refunds.cancel(id, {}, on)],
  ])("4.5 %s of a missing refund → 404 resource_missing, param refund", async (_verb, call) => {
    expect(await refusal(call("re_x"))).toMatchObject({
      status: 404,
      code: "resource_missing",
      param: "refund",
      message: expect.stringMatching(/No such refund: 're_x'/),
    });
  });
});
