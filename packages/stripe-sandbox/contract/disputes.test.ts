// Disputes and early fraud warnings, against Stripe's documented behaviour.
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { endpoint, subject } from "./listener.ts";
import { pay } from "./payment.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on, account } = target;

const fetched = (id: string) => stripe.disputes.retrieve(id, {}, on);
const charged = (id: string) => stripe.charges.retrieve(id, {}, on);

async function dispute(options: { inquiry?: boolean; reason?: string } = {}) {
  const { charge } = await pay(target);
  const { id } = await target.admin.dispute({ account, charge, ...options });
  return { id, charge };
}

describe("dispute object", () => {
  const members =
    "id object amount balance_transactions charge created currency enhanced_eligibility_types evidence evidence_details " +
    "is_charge_refundable livemode metadata payment_intent payment_method_details reason status";

  sandboxOnly("7 has its members", async () => {
    const { id, charge } = await dispute();
    const found = await fetched(id);
    for (const member of members.split(" ")) expect(found).toHaveProperty(member);
    expect(found).toMatchObject({
      id: expect.stringMatching(/^d[up]_/),
      object: "dispute",
      amount: 5000,
      charge,
      currency: "usd",
      livemode: false,
      evidence_details: {
        due_by: expect.any(Number),
        has_evidence: false,
        past_due: false,
        submission_count: 0,
      },
    });
  });

  const reasons =
    "bank_cannot_process check_returned credit_not_processed customer_initiated debit_not_authorized duplicate fraudulent " +
    "general incorrect_account_details insufficient_funds noncompliant product_not_received product_unacceptable " +
    "subscription_canceled unrecognized";
  sandboxOnly.each(reasons.split(" "))("7 reason %s", async (reason) => {
    expect((await fetched((await dispute({ reason })).id)).reason).toBe(reason);
  });
});

describe("inquiry", () => {
  sandboxOnly("7 no money moves, and the charge stays refundable", async () => {
    const { id, charge } = await dispute({ inquiry: true });
    expect(await fetched(id)).toMatchObject({
      status: "warning_needs_response",
      is_charge_refundable: true,
      balance_transactions: [],
    });
    expect((await stripe.refunds.create({ charge }, on)).status).toBe("succeeded");
  });

  sandboxOnly("7 closed without escalation: warning_closed", async () => {
    const { id } = await dispute({ inquiry: true });
    await target.admin.closeDispute(id, account, "warning_closed");
    expect((await fetched(id)).status).toBe("warning_closed");
  });
});

describe("chargeback", () => {
  sandboxOnly("7 the charge is disputed and not refundable", async () => {
    const { id, charge } = await dispute();
    expect(await fetched(id)).toMatchObject({ status: "needs_response", is_charge_refundable: false });
    expect((await charged(charge)).disputed).toBe(true);
    expect(await refusal(stripe.refunds.create({ charge }, on))).toMatchObject({
      status: 400,
      code: expect.stringMatching(/^(charge_disputed|refund_disputed_payment)$/),
    });
  });

  sandboxOnly("7 amount and fee are withdrawn by an adjustment", async () => {
    const { id, charge } = await dispute();
    const { balance_transactions } = await fetched(id);
    expect(balance_transactions).toMatchObject([
      {
        object: "balance_transaction",
        type: "adjustment",
        reporting_category: "dispute",
        amount: -5000,
        fee: 1500,
        net: -6500,
        description: `Chargeback withdrawal for ${charge}`,
      },
    ]);
  });

  sandboxOnly("7 won: money reinstated, refundable again; disputed stays true", async () => {
    const { id, charge } = await dispute();
    await target.admin.closeDispute(id, account, "won");
    const won = await fetched(id);
    expect(won.status).toBe("won");
    expect(won.balance_transactions).toHaveLength(2);
    expect(won.balance_transactions).toContainEqual(
      expect.objectContaining({ amount: 5000, type: "adjustment" }),
    );
    expect((await charged(charge)).disputed).toBe(true);
    expect((await stripe.refunds.create({ charge }, on)).amount).toBe(5000);
  });

  sandboxOnly("7 lost: never refundable; disputed stays true", async () => {
    const { id, charge } = await dispute();
    await target.admin.closeDispute(id, account, "lost");
    expect(await fetched(id)).toMatchObject({ status: "lost", is_charge_refundable: false });
    expect((await charged(charge)).disputed).toBe(true);
    expect((await refusal(stripe.refunds.create({ charge }, on))).code).toMatch(
      /^(charge_disputed|refund_disputed_payment)$/,
    );
  });

  sandboxOnly("7 a refund made before: disputed does not touch amount_refunded", async () => {
    const { charge } = await pay(target);
    await stripe.refunds.create({ charge, amount: 1000 }, on);
    await target.admin.dispute({ account, charge, amount: 4000 });
    expect(await charged(charge)).toMatchObject({ amount_refunded: 1000, disputed: true });
  });
});

describe("API", () => {
  sandboxOnly("7 listed by charge and by payment intent", async () => {
    const { charge, intent } = await pay(target);
    await dispute();
    const { id } = await target.admin.dispute({ account, charge });
    for (const params of [{ charge }, { payment_intent: intent }]) {
      const listed = await stripe.disputes.list(params, on);
      expect(listed).toMatchObject({ object: "list", url: "/v1/disputes", has_more: false });
      expect(listed.data.map((one) => one.id)).toEqual([id]);
    }
  });

  sandboxOnly("7 charge and payment intent can be expanded", async () => {
    const { id, charge } = await dispute();
    const found = await stripe.disputes.retrieve(id, { expand: ["charge", "payment_intent"] }, on);
    expect(found).toMatchObject({
      charge: { id: charge, disputed: true },
      payment_intent: { object: "payment_intent" },
    });
  });

  sandboxOnly("7 listed by time of creation", async () => {
    await dispute();
    await target.admin.advance(3_600_000);
    const since = Math.floor((await target.admin.now()) / 1000);
    const { id } = await dispute();
    const { data } = await stripe.disputes.list({ created: { gte: since } }, on);
    expect(data.map((one) => one.id)).toEqual([id]);
  });

  sandboxOnly("7 evidence and metadata can be given", async () => {
    const { id } = await dispute();
    const updated = await stripe.disputes.update(
      id,
      { evidence: { uncategorized_text: "Here is the parcel slip" }, metadata: { a: "1" }, submit: false },
      on,
    );
    expect(updated).toMatchObject({
      evidence: { uncategorized_text: "Here is the parcel slip" },
      evidence_details: { has_evidence: true, submission_count: 0 },
      metadata: { a: "1" },
      status: "needs_response",
    });
  });

  sandboxOnly.each([
    ["winning_evidence", false, "won"],
    ["losing_evidence", false, "lost"],
    ["escalate_inquiry_evidence", true, "needs_response"],
  ])("7 the test evidence %s (inquiry: %s) leads to %s", async (uncategorized_text, inquiry, status) => {
    const { id } = await dispute({ inquiry });
    const submitted = await stripe.disputes.update(
      id,
      { evidence: { uncategorized_text }, submit: true },
      on,
    );
    expect(submitted.evidence_details.submission_count).toBe(1);
    await target.admin.advance(86_400_000);
    expect((await fetched(id)).status).toBe(status);
  });

  sandboxOnly("7 an escalated inquiry stops refunds", async () => {
    const { id, charge } = await dispute({ inquiry: true });
    const evidence = { uncategorized_text: "escalate_inquiry_evidence" };
    await stripe.disputes.update(id, { evidence, submit: true }, on);
    await target.admin.advance(86_400_000);
    expect(await fetched(id)).toMatchObject({ is_charge_refundable: false });
    expect((await refusal(stripe.refunds.create({ charge }, on))).status).toBe(400);
  });

  sandboxOnly("7 closing it oneself is losing it", async () => {
    const { id } = await dispute();
    expect((await stripe.disputes.close(id, {}, on)).status).toBe("lost");
  });

  sandboxOnly.each(["won", "lost"] as const)(
    "7 a dispute that is %s cannot be closed → 400",
    async (status) => {
      const { id } = await dispute();
      await target.admin.closeDispute(id, account, status);
      expect((await refusal(stripe.disputes.close(id, {}, on))).status).toBe(400);
    },
  );
});

describe("events", () => {
  sandboxOnly("5.5 a chargeback: created, then funds_withdrawn", async () => {
    const hook = await endpoint(target);
    const { charge } = await pay(target);
    await hook.types();
    hook.listener.received.length = 0;
    const { id } = await target.admin.dispute({ account, charge });
    const types = await hook.types();
    expect(types.filter((type) => type.startsWith("charge.dispute.")).sort()).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
    ]);
    for (const event of hook.events().filter(({ type }) => type.startsWith("charge.dispute."))) {
      expect(event).toMatchObject({ account, data: { object: { id, object: "dispute", charge } } });
    }
  });

  sandboxOnly("5.5 an inquiry withdraws nothing", async () => {
    const hook = await endpoint(target);
    await dispute({ inquiry: true });
    expect((await hook.types()).filter((type) => type.startsWith("charge.dispute."))).toEqual([
      "charge.dispute.created",
    ]);
  });

  sandboxOnly.each([
    ["won", ["charge.dispute.closed", "charge.dispute.funds_reinstated"]],
    ["lost", ["charge.dispute.closed"]],
  ] as const)("5.5 %s: %j", async (status, expected) => {
    const { id } = await dispute();
    const hook = await endpoint(target);
    await target.admin.closeDispute(id, account, status);
    const types = (await hook.types()).filter((type) => /dispute\.(closed|funds)/.test(type));
    expect(types.sort()).toEqual([...expected]);
    const closed = hook.events().find(({ type }) => type === "charge.dispute.closed");
    expect(closed).toMatchObject({ data: { object: { id, status } } });
  });

  sandboxOnly("5.5 evidence: charge.dispute.updated", async () => {
    const { id } = await dispute();
    const hook = await endpoint(target, { enabled_events: ["charge.dispute.updated"] });
    await stripe.disputes.update(id, { metadata: { a: "1" } }, on);
    expect(await hook.types()).toEqual(["charge.dispute.updated"]);
  });
});

describe("test cards", () => {
  const disputesOf = async (charge: string) => (await stripe.disputes.list({ charge }, on)).data;

  sandboxOnly.each([
    ["pm_card_createDispute", "fraudulent", "needs_response"],
    ["pm_card_createDisputeProductNotReceived", "product_not_received", "needs_response"],
    ["pm_card_createDisputeInquiry", expect.any(String), "warning_needs_response"],
  ])("7 %s", async (payment_method, reason, status) => {
    const { charge } = await pay(target, { payment_method });
    await target.admin.advance(60_000);
    expect(await disputesOf(charge)).toMatchObject([{ reason, status }]);
  });

  sandboxOnly("5.5 events of a disputed test payment", async () => {
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    await pay(target, { payment_method: "pm_card_createDispute" }, there);
    await target.admin.advance(60_000);
    const seen = (await stripe.events.list({ limit: 100 }, there)).data.map(({ type }) => type);
    expect(seen).toEqual(
      expect.arrayContaining([
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
      ]),
    );
  });
});

describe("early fraud warnings", () => {
  const warnings = (params: Stripe.Radar.EarlyFraudWarningListParams) =>
    stripe.radar.earlyFraudWarnings.list(params, on);
  const types =
    "card_never_received fraudulent_card_application made_with_counterfeit_card made_with_lost_card " +
    "made_with_stolen_card misc unauthorized_use_of_card";

  sandboxOnly.each(types.split(" "))("7 fraud_type %s", async (fraud_type) => {
    const { charge, intent } = await pay(target);
    const { id } = await target.admin.earlyFraudWarning({ account, charge, fraud_type });
    expect(await stripe.radar.earlyFraudWarnings.retrieve(id, {}, on)).toMatchObject({
      id: expect.stringMatching(/^issfr_/),
      object: "radar.early_fraud_warning",
      actionable: true,
      charge,
      created: expect.any(Number),
      fraud_type,
      livemode: false,
      payment_intent: intent,
    });
  });

  sandboxOnly("7 listed by charge and payment intent", async () => {
    const { charge, intent } = await pay(target);
    const { id } = await target.admin.earlyFraudWarning({ account, charge });
    expect((await warnings({ charge })).data.map((one) => one.id)).toEqual([id]);
    expect((await warnings({ payment_intent: intent })).data.map((one) => one.id)).toEqual([id]);
  });

  sandboxOnly("7 actionable until the charge is fully refunded", async () => {
    const { charge } = await pay(target);
    await target.admin.earlyFraudWarning({ account, charge });
    await stripe.refunds.create({ charge, amount: 1000 }, on);
    expect((await warnings({ charge })).data[0]?.actionable).toBe(true);
    await stripe.refunds.create({ charge, reason: "fraudulent" }, on);
    expect((await warnings({ charge })).data[0]?.actionable).toBe(false);
  });

  sandboxOnly("7 not actionable once disputed", async () => {
    const { charge } = await pay(target);
    await target.admin.earlyFraudWarning({ account, charge });
    await target.admin.dispute({ account, charge });
    expect((await warnings({ charge })).data[0]?.actionable).toBe(false);
  });

  sandboxOnly("5.5 its events", async () => {
    const hook = await endpoint(target, {
      enabled_events: ["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"],
    });
    const { charge } = await pay(target);
    const { id } = await target.admin.earlyFraudWarning({ account, charge });
    await stripe.refunds.create({ charge }, on);
    expect(await hook.types()).toEqual([
      "radar.early_fraud_warning.created",
      "radar.early_fraud_warning.updated",
    ]);
    expect(hook.events().map(subject)).toEqual([id, id]);
  });
});

test("7 a dispute that does not exist → 404 resource_missing", async () => {
  expect(await refusal(fetched("du_none"))).toMatchObject({ status: 404, code: "resource_missing" });
});
