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
  failureReason: null,
  followedBy: null,
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

test("blames the bank only for what the bank did, and promises nothing once another refund was asked for", () => {
  const failed = { ...refund, status: "failed" } as const;
  expect(customerSentence({ ...failed, failureReason: "declined" }, "UTC")).toContain(
    "your bank did not take it",
  );
  expect(customerSentence({ ...failed, failureReason: "insufficient_funds" }, "UTC")).toContain(
    "did not go through",
  );
  const followedBy = { id: "rfd_2", status: "succeeded" } as const;
  expect(customerSentence({ ...failed, failureReason: "declined", followedBy }, "UTC")).toBeNull();
});
