import { expect, test } from "vitest";
import { readStripeRefund } from "./stripe-refund.ts";

// Stripe's object is read at one place; what is missing or new there says nothing is finished.
const refund = {
  id: "re_1",
  object: "refund",
  amount: 1_000,
  currency: "eur",
  charge: "ch_1",
  created: 1_700_000_000,
  status: "succeeded",
};
const read = (more: object) => readStripeRefund({ ...refund, ...more });

test("the least that Stripe sends", () => {
  expect(readStripeRefund(refund)).toEqual({
    id: "re_1",
    chargeId: "ch_1",
    amount: 1_000,
    currency: "eur",
    status: "succeeded",
    createdAt: new Date(1_700_000_000_000),
    reason: null,
    metadata: {},
    failureReason: null,
    pendingReason: null,
    bankReference: null,
  });
});

test("everything that the desk keeps", () => {
  const card = { reference: "arn_1", reference_status: "available", type: "refund" };
  expect(
    read({
      charge: { id: "ch_2", object: "charge" },
      status: "pending",
      reason: "fraudulent",
      metadata: { redress_refund_id: "rfd_1" },
      failure_reason: "declined",
      pending_reason: "processing",
      destination_details: { type: "card", card },
    }),
  ).toMatchObject({
    chargeId: "ch_2",
    status: "pending",
    reason: "fraudulent",
    metadata: { redress_refund_id: "rfd_1" },
    failureReason: "declined",
    pendingReason: "processing",
    bankReference: "arn_1",
  });
});

test.each(["pending", "requires_action", "succeeded", "failed", "canceled"])("%s is read", (status) => {
  expect(read({ status })).toMatchObject({ status });
});

test.each([
  ["a status that is new", { status: "paused" }, { status: "pending" }],
  ["no status", { status: null }, { status: "pending" }],
  ["a reason that is new", { reason: "expired_uncaptured_charge" }, { reason: null }],
  ["no charge", { charge: null }, { chargeId: null }],
  ["no metadata", { metadata: null }, { metadata: {} }],
  ["a destination without a reference", { destination_details: { type: "card" } }, { bankReference: null }],
  [
    "an empty reference",
    { destination_details: { type: "card", card: { reference: "" } } },
    { bankReference: null },
  ],
  ["no destination", { destination_details: null }, { bankReference: null }],
])("%s", (_name, more, expected) => {
  expect(read(more)).toMatchObject(expected);
});

test.each([
  ["nothing", undefined],
  ["a charge", { ...refund, object: "charge" }],
  ["without an id", { ...refund, id: "" }],
  ["without an amount", { ...refund, amount: undefined }],
  ["a fraction of a unit", { ...refund, amount: 1.5 }],
  ["without a currency", { ...refund, currency: "" }],
  ["without a date", { ...refund, created: undefined }],
])("%s is no refund", (_name, value) => {
  expect(readStripeRefund(value)).toBeNull();
});
