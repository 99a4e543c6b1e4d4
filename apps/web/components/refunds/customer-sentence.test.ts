import { refundStatuses } from "@redress/database";
import { expect, test } from "vitest";
import { customerSentence } from "./customer-sentence.ts";

// What support pastes to a customer promises nothing that Stripe has not done.
const refund = {
  amount: 4_900,
  currency: "eur",
  productName: "Advanced Types",
  bankReference: "24011134037000034839012",
  requestedAt: new Date("2026-11-29T22:00:00Z"),
  settledAt: new Date("2026-11-30T23:30:00Z"),
};

test("only what Stripe has taken or given back is told", () => {
  const told = refundStatuses.filter((status) => customerSentence({ ...refund, status }, "UTC") !== null);
  expect(told.sort()).toEqual(["failed", "pending", "requires_action", "succeeded"]);
});

test("names amount, product, the reader's day and the bank's reference, and never says that it arrived", () => {
  const text = customerSentence({ ...refund, status: "succeeded" }, "Europe/Berlin");
  expect(text).toBe(
    "We refunded €49.00 for Advanced Types on 1 December 2026. Banks usually show it within 5 to 10 days. Should it be missing after that, your bank can find it by the reference 24011134037000034839012.",
  );
});
