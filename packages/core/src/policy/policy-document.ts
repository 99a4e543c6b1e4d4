import { approverRoles, refundReasons } from "@redress/database";
import { z } from "zod";
import { amountStep } from "../money.ts";

/** More than `above`, up to and with `atMost`; one of them may be left out. */
const range = z.strictObject({ above: z.int().min(0).optional(), atMost: z.int().min(0).optional() });
export type Range = z.output<typeof range>;

const currency = z.string().regex(/^[a-z]{3}$/, "must be a lower-case currency such as eur");

/** Amounts in the currency's smallest unit. */
const moneyRange = range
  .extend({ currency })
  .refine(
    ({ currency: code, above = 0, atMost = 0 }) =>
      above % amountStep(code) === 0 && atMost % amountStep(code) === 0,
    "is not an amount of this currency",
  );
export type MoneyRange = z.output<typeof moneyRange>;

/** One range for each currency: an amount in a currency that is not named here is in none of them. */
const moneyRanges = z.array(moneyRange).min(1).max(200);

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(200);

export const disputeStates = ["none", "open", "won", "lost"] as const;
export type DisputeState = (typeof disputeStates)[number];

/** A code of the app's own, which agents send and rules name. */
const reasonCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "must be 1 to 40 lower-case letters, digits and _, such as arrived_late");

const reason = z.strictObject({
  code: reasonCode,
  /** For people. */
  label: z.string().trim().min(1).max(100),
  /**
   * What Stripe is told; null: nothing. For `fraudulent` Stripe also blocks the card and the e-mail address from
   * paying again (Stripe: create a refund, `reason`).
   */
  stripe: z.enum(refundReasons).nullable(),
});
export type Reason = z.output<typeof reason>;

/** All of those that are given have to hold; none given matches every request. */
const conditions = z.strictObject({
  /** Of the request, with what policy has let out for the same purchase before. */
  amount: moneyRanges.optional(),
  currency: listOf(currency).optional(),
  /** Since the purchase, in days of 24 hours. */
  ageInDays: range.optional(),
  /** Exactly as the purchase names it. */
  product: listOf(z.string().trim().min(1).max(500)).optional(),
  /** The same customer's (by e-mail address) in the same app: those that are not dead, open ones too. */
  earlierRefunds: z
    .strictObject({
      withinDays: z.int().min(1).max(3650),
      count: range.optional(),
      /** Of those in the currency of the request. */
      amount: moneyRanges.optional(),
    })
    .optional(),
  reason: listOf(reasonCode).optional(),
  requester: listOf(z.enum(["person", "agent"])).optional(),
  dispute: listOf(z.enum(disputeStates)).optional(),
});
export type Conditions = z.output<typeof conditions>;

const ruleBase = { name: z.string().trim().min(1).max(100).optional(), when: conditions };

const rule = z.discriminatedUnion("verdict", [
  z.strictObject({ ...ruleBase, verdict: z.literal("allow") }),
  z.strictObject({
    ...ruleBase,
    verdict: z.literal("ask"),
    /** How many different persons have to approve. */
    approvers: z.int().min(1).max(3).default(1),
    role: z.enum(approverRoles).default("approver"),
  }),
  z.strictObject({
    ...ruleBase,
    verdict: z.literal("refuse"),
    /** For the customer. */
    reason: z.string().trim().min(1).max(500),
  }),
]);
export type Rule = z.output<typeof rule>;

/** What policy may let out by itself in a day or month of UTC; smallest unit. */
const budget = z.strictObject({
  /** `agent` counts each agent by itself, and no person. */
  per: z.enum(["app", "agent", "customer"]),
  period: z.enum(["day", "month"]),
  limit: z
    .strictObject({ amount: z.int().positive(), currency })
    .refine(
      ({ amount, currency: code }) => amount % amountStep(code) === 0,
      "is not an amount of this currency",
    ),
});
export type Budget = z.output<typeof budget>;

/** After how many hours of waiting the approvers are reminded of a request, and after how many its admins are told. */
const reminders = z
  .strictObject({ afterHours: z.int().min(1).max(335), escalateAfterHours: z.int().min(1).max(335) })
  .refine(({ afterHours, escalateAfterHours }) => afterHours < escalateAfterHours, {
    path: ["escalateAfterHours"],
    error: "must be more than afterHours",
  });
export type Reminders = z.output<typeof reminders>;

/** Where a policy says nothing of it. */
export const defaultReminders: Reminders = { afterHours: 24, escalateAfterHours: 72 };

/**
 * A policy as it is kept: its shape, and nothing about its sense. What comes from outside is parsed by
 * `policySchema`. The first rule that matches decides; what none matches, and what the budgets do not hold, is
 * asked of a person.
 */
export const storedPolicySchema = z.strictObject({
  rules: z.array(rule).max(100),
  budgets: z.array(budget).max(100).default([]),
  reminders: reminders.optional(),
  /** The app's own reasons for a refund; Stripe's three unless given. */
  reasons: z.array(reason).min(1).max(50).optional(),
});
export type Policy = z.output<typeof storedPolicySchema>;
