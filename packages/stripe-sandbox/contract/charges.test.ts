// Payment intents and charges of a connected account, against Stripe's documented behaviour.
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { authorize, cardsOnly, pay } from "./payment.ts";
import { openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const day = 86_400_000;

const card: Stripe.PaymentIntentCreateParams = {
  amount: 2500,
  currency: "eur",
  automatic_payment_methods: cardsOnly,
};
const charged = (id: string) => stripe.charges.retrieve(id, {}, on);
const ids = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

describe("payment intents", () => {
  test("9 created without confirmation, it waits for a payment method", async () => {
    const intent = await stripe.paymentIntents.create(card, on);
    expect(intent).toMatchObject({
      id: expect.stringMatching(/^pi_/),
      object: "payment_intent",
      amount: 2500,
      currency: "eur",
      status: "requires_payment_method",
      latest_charge: null,
      livemode: false,
      client_secret: expect.any(String),
    });
  });

  test("9 confirmed later, it succeeds and has a charge", async () => {
    const { id } = await stripe.paymentIntents.create(card, on);
    const confirmed = await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }, on);
    expect(confirmed).toMatchObject({
      id,
      status: "succeeded",
      amount_received: 2500,
      latest_charge: expect.stringMatching(/^(ch|py)_/),
    });
  });

  test("9 created and confirmed at once with a list of allowed methods", async () => {
    const { automatic_payment_methods: _, ...params } = card;
    const allowed: Stripe.PaymentIntentCreateParams = {
      ...params,
      confirm: true,
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
    };
    expect((await stripe.paymentIntents.create(allowed, on)).status).toBe("succeeded");
  });

  test("9 description, metadata, receipt_email and transfer_group reach the charge", async () => {
    const details = {
      description: "Order A-7",
      metadata: { order_number: "A-7" },
      receipt_email: "buyer@example.com",
      transfer_group: "group-7",
    };
    const { charge } = await pay(target, details);
    expect(await charged(charge)).toMatchObject(details);
  });

  test("9 manual capture: reserved first, captured in part", async () => {
    const { charge, intent } = await authorize(target);
    expect(await stripe.paymentIntents.retrieve(intent, {}, on)).toMatchObject({
      status: "requires_capture",
      amount_capturable: 5000,
    });
    expect(await charged(charge)).toMatchObject({ captured: false, amount_captured: 0, status: "succeeded" });
    expect((await stripe.paymentIntents.capture(intent, { amount_to_capture: 3000 }, on)).status).toBe(
      "succeeded",
    );
    expect(await charged(charge)).toMatchObject({ captured: true, amount_captured: 3000, amount: 5000 });
  });

  test("9 more than was authorised cannot be captured", async () => {
    const { intent } = await authorize(target);
    const call = stripe.paymentIntents.capture(intent, { amount_to_capture: 5001 }, on);
    expect((await refusal(call)).status).toBe(400);
  });

  test("9 a cancelled one stays cancelled", async () => {
    const { id } = await stripe.paymentIntents.create(card, on);
    expect((await stripe.paymentIntents.cancel(id, {}, on)).status).toBe("canceled");
    expect((await refusal(stripe.paymentIntents.cancel(id, {}, on))).status).toBe(400);
  });

  test("9 a paid one cannot be cancelled", async () => {
    const { intent } = await pay(target);
    expect((await refusal(stripe.paymentIntents.cancel(intent, {}, on))).status).toBe(400);
  });

  test("9 a settled one keeps its amount, but may be described anew", async () => {
    const { intent } = await pay(target);
    expect((await refusal(stripe.paymentIntents.update(intent, { amount: 6000 }, on))).status).toBe(400);
    const { description } = await stripe.paymentIntents.update(intent, { description: "Mended" }, on);
    expect(description).toBe("Mended");
    const { id } = await stripe.paymentIntents.create(card, on);
    expect((await stripe.paymentIntents.update(id, { amount: 2600 }, on)).amount).toBe(2600);
    await stripe.paymentIntents.cancel(id, {}, on);
    expect((await refusal(stripe.paymentIntents.update(id, { amount: 2700 }, on))).status).toBe(400);
  });

  test("9 a declined card leaves the intent open for another one", async () => {
    const { id } = await stripe.paymentIntents.create(card, on);
    const declined = stripe.paymentIntents.confirm(id, { payment_method: "pm_card_chargeDeclined" }, on);
    expect(await refusal(declined)).toMatchObject({ as: "StripeCardError", status: 402 });
    const failed = await stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }, on);
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      latest_charge: {
        status: "failed",
        paid: false,
        failure_code: "card_declined",
        failure_message: expect.any(String),
      },
    });
    expect((await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }, on)).status).toBe(
      "succeeded",
    );
  });

  test("9 listed newest first", async () => {
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1)
      made.unshift((await stripe.paymentIntents.create(card, on)).id);
    expect(ids(await stripe.paymentIntents.list({ limit: 3 }, on))).toEqual(made);
  });
});

describe("charge object", () => {
  const members =
    "id object amount amount_captured amount_refunded application application_fee application_fee_amount " +
    "balance_transaction billing_details calculated_statement_descriptor captured created currency customer description " +
    "disputed failure_balance_transaction failure_code failure_message fraud_details livemode metadata on_behalf_of " +
    "outcome paid payment_intent payment_method payment_method_details receipt_email receipt_number receipt_url refunded " +
    "review shipping source source_transfer statement_descriptor statement_descriptor_suffix status transfer_data " +
    "transfer_group";
  const example = pay(target).then(({ charge }) => charged(charge));

  test.each(members.split(" "))("4.9 has %s", async (member) => {
    expect(await example).toHaveProperty(member);
  });
  test.each(["destination", "dispute", "order"])(
    "4.9 the wire also has an untyped null %s",
    async (member) => {
      expect(await example).toHaveProperty(member, null);
    },
  );

  test("4.9 values of a card charge", async () => {
    expect(await example).toMatchObject({
      id: expect.stringMatching(/^(ch|py)_/),
      object: "charge",
      amount: 5000,
      amount_captured: 5000,
      amount_refunded: 0,
      balance_transaction: expect.stringMatching(/^txn_/),
      captured: true,
      currency: "usd",
      disputed: false,
      livemode: false,
      paid: true,
      payment_intent: expect.stringMatching(/^pi_/),
      payment_method_details: {
        type: "card",
        card: { last4: expect.stringMatching(/^\d{4}$/), brand: expect.any(String) },
      },
      refunded: false,
      status: "succeeded",
    });
  });

  sandboxOnly("4.9 a charge made through the platform names its application", async () => {
    const { clientId } = await target.admin.platform();
    expect((await example).application).toBe(clientId);
  });

  test("9 metadata and description of a charge can be updated", async () => {
    const { charge } = await pay(target);
    await stripe.charges.update(charge, { description: "Mended", metadata: { a: "1" } }, on);
    expect(await charged(charge)).toMatchObject({ description: "Mended", metadata: { a: "1" } });
  });
});

describe("legacy charges", () => {
  const legacy = { amount: 5000, currency: "usd", source: "tok_visa" };

  test("9 made of a token, without a payment intent, and refunded like any other", async () => {
    const made = await stripe.charges.create({ ...legacy, metadata: { order: "A-9" } }, on);
    expect(made).toMatchObject({
      status: "succeeded",
      captured: true,
      payment_intent: null,
      metadata: { order: "A-9" },
    });
    const refund = await stripe.refunds.create({ charge: made.id, amount: 1000 }, on);
    expect(refund).toMatchObject({ charge: made.id, payment_intent: null, amount: 1000 });
  });

  test("9 reserved first, captured in part later", async () => {
    const { id } = await stripe.charges.create({ ...legacy, capture: false }, on);
    expect(await charged(id)).toMatchObject({ captured: false, amount_captured: 0 });
    expect(await stripe.charges.capture(id, { amount: 2000 }, on)).toMatchObject({
      captured: true,
      amount_captured: 2000,
    });
    expect((await stripe.refunds.create({ charge: id }, on)).amount).toBe(2000);
  });

  test("9 a declined token → 402", async () => {
    const call = stripe.charges.create({ ...legacy, source: "tok_chargeDeclined" }, on);
    expect(await refusal(call)).toMatchObject({ as: "StripeCardError", status: 402, code: "card_declined" });
  });
});

describe("list", () => {
  test("6 by payment intent", async () => {
    const { charge, intent } = await pay(target);
    const listed = await stripe.charges.list({ payment_intent: intent }, on);
    expect(listed).toMatchObject({ object: "list", url: "/v1/charges", has_more: false });
    expect(ids(listed)).toEqual([charge]);
  });

  test("6 by transfer_group", async () => {
    const transfer_group = `group-${Date.now()}`;
    const { charge } = await pay(target, { transfer_group });
    expect(ids(await stripe.charges.list({ transfer_group }, on))).toEqual([charge]);
  });

  test("6 by customer", async () => {
    const customer = await stripe.customers.create({ name: "Ada Buyer", email: "ada@example.com" }, on);
    const { charge } = await pay(target, { customer: customer.id });
    await pay(target);
    expect(ids(await stripe.charges.list({ customer: customer.id }, on))).toEqual([charge]);
  });

  sandboxOnly("6 by time of creation", async () => {
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      made.push((await pay(target, {}, there)).charge);
      await target.admin.advance(60_000);
    }
    const middle = (await stripe.charges.retrieve(made[1] ?? "", {}, there)).created;
    expect(ids(await stripe.charges.list({ created: { gt: middle } }, there))).toEqual([made[2]]);
    expect(ids(await stripe.charges.list({ created: { lte: middle } }, there))).toEqual([made[1], made[0]]);
    expect(ids(await stripe.charges.list({ created: middle }, there))).toEqual([made[1]]);
  });

  test.each(["status=succeeded", "refunded=true", "amount=100"])("6 there is no filter %s", async (query) => {
    const answer = await target.raw("GET", `/v1/charges?${query}`, { account: target.account });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: "parameter_unknown" } } });
  });
});

// Sandbox only: real search is up to a minute behind.
describe("search", () => {
  const there = { stripeAccount: "" };
  const made = { small: "", large: "", refunded: "", disputed: "", order: "" };
  const search = async (query: string) => {
    await ready();
    return ids(await stripe.charges.search({ query, limit: 100 }, there)).sort();
  };
  let preparing: Promise<void> | undefined;
  function ready(): Promise<void> {
    preparing ??= prepare();
    return preparing;
  }
  async function prepare() {
    there.stripeAccount = (await target.admin.newAccount()).id;
    made.small = (await pay(target, { amount: 900 }, there)).charge;
    await target.admin.advance(2 * day);
    made.large = (await pay(target, { amount: 90_000, currency: "eur" }, there)).charge;
    made.order = (await pay(target, { amount: 5000, metadata: { order_number: "A-42" } }, there)).charge;
    made.refunded = (await pay(target, { amount: 5000 }, there)).charge;
    await stripe.refunds.create({ charge: made.refunded }, there);
    made.disputed = (await pay(target, { amount: 5000 }, there)).charge;
    await target.admin.dispute({ account: there.stripeAccount, charge: made.disputed });
    await refusal(pay(target, { payment_method: "pm_card_chargeDeclined" }, there));
    await target.admin.advance(2 * 60_000);
  }

  sandboxOnly.each([
    ["amount>80000", ["large"]],
    ["amount<1000", ["small"]],
    ["amount:900", ["small"]],
    ['currency:"eur"', ["large"]],
    ['metadata["order_number"]:"A-42"', ["order"]],
    ['refunded:"true"', ["refunded"]],
    ['disputed:"true"', ["disputed"]],
    ['status:"succeeded" AND amount>=5000', ["large", "order", "refunded", "disputed"]],
    ['amount<1000 OR currency:"eur"', ["small", "large"]],
    ['-currency:"usd"', ["large"]],
    ['metadata["order_number"]:"nobody"', []],
  ] as const)("6 search %s", async (query, expected) => {
    const found = await search(query);
    expect(found).toEqual(expected.map((name) => made[name]).sort());
  });

  sandboxOnly("6 search by created", async () => {
    await ready();
    const { created } = await stripe.charges.retrieve(made.large, {}, there);
    expect(await search(`created<${created - 3600}`)).toEqual([made.small]);
  });

  sandboxOnly("6 search by payment_method_details", async () => {
    await ready();
    const { payment_method_details } = await stripe.charges.retrieve(made.small, {}, there);
    expect(
      await search(`payment_method_details.card.last4:"${payment_method_details?.card?.last4}"`),
    ).toContain(made.small);
    expect(await search('payment_method_details.card.last4:"0001"')).toEqual([]);
  });

  sandboxOnly("6 the answer is a search_result that is paged by next_page", async () => {
    await ready();
    const seen: string[] = [];
    let page: string | undefined;
    do {
      const result = await stripe.charges.search(
        { query: 'status:"succeeded"', limit: 2, ...(page !== undefined && { page }) },
        there,
      );
      expect(result).toMatchObject({ object: "search_result", url: "/v1/charges/search" });
      expect(result.has_more).toBe(result.next_page !== null);
      seen.push(...ids(result));
      page = result.next_page ?? undefined;
    } while (page !== undefined);
    expect(seen.sort()).toEqual(await search('status:"succeeded"'));
    expect(seen).toHaveLength(5);
  });

  sandboxOnly("6 total_count is there when expanded", async () => {
    await ready();
    const query = 'status:"succeeded"';
    const result = await stripe.charges.search({ query, limit: 1, expand: ["total_count"] }, there);
    expect(result).toHaveProperty("total_count", 5);
    expect(await stripe.charges.search({ query, limit: 1 }, there)).not.toHaveProperty("total_count");
  });

  test.each(["", "amount", "colour:'red'", "amount>"])("6 the query <%s> → 400", async (query) => {
    const answer = await target.raw("GET", `/v1/charges/search?query=${encodeURIComponent(query)}`, {
      account: target.account,
    });
    expect(answer).toMatchObject({ status: 400, json: { error: { type: "invalid_request_error" } } });
  });
});

describe("expand", () => {
  test("2.4 two steps at once", async () => {
    const { charge, intent } = await pay(target);
    const expanded = await stripe.paymentIntents.retrieve(
      intent,
      { expand: ["latest_charge.balance_transaction"] },
      on,
    );
    expect(expanded.latest_charge).toMatchObject({
      id: charge,
      balance_transaction: { object: "balance_transaction" },
    });
  });

  test("2.4 in lists below data", async () => {
    const { intent } = await pay(target);
    const listed = await stripe.charges.list({ payment_intent: intent, expand: ["data.payment_intent"] }, on);
    expect(listed.data[0]?.payment_intent).toMatchObject({ id: intent, object: "payment_intent" });
  });

  test("2.4 four levels are allowed", async () => {
    const { charge } = await pay(target);
    const deep = "payment_intent.latest_charge.payment_intent.latest_charge";
    expect(await stripe.charges.retrieve(charge, { expand: [deep] }, on)).toMatchObject({
      payment_intent: { latest_charge: { payment_intent: { latest_charge: { id: charge } } } },
    });
  });

  test("2.4 what is not asked for stays an id", async () => {
    const { charge, intent } = await pay(target);
    expect(await charged(charge)).toMatchObject({
      payment_intent: intent,
      balance_transaction: expect.any(String),
    });
  });
});

describe("seeded past", () => {
  sandboxOnly(
    "9 seeded charges are spread over the past, with order numbers and e-mails, without webhooks",
    async () => {
      const { id } = await target.admin.newAccount();
      const { charges } = await target.admin.seed({ account: id, count: 40, seed: 7, days: 30 });
      expect(charges).toHaveLength(40);
      const there = { stripeAccount: id };
      const listed = await stripe.charges.list({ limit: 100 }, there).autoPagingToArray({ limit: 100 });
      expect(new Set(ids({ data: listed }))).toEqual(new Set(charges));
      const now = (await target.admin.now()) / 1000;
      for (const charge of listed) {
        expect(charge.created).toBeLessThanOrEqual(now);
        expect(charge.created).toBeGreaterThanOrEqual(now - 31 * 86_400);
        expect(charge.metadata).toMatchObject({ order_number: expect.any(String) });
        expect(charge.billing_details.email).toMatch(/@/);
      }
      const times = listed.map(({ created }) => created);
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(new Set(times).size).toBeGreaterThan(10);
      expect((await stripe.events.list({}, there)).data).toEqual([]);
      expect((await target.admin.deliveries()).filter(({ account }) => account === id)).toEqual([]);
    },
  );

  sandboxOnly("9 a seeded charge can be refunded", async () => {
    const { id } = await target.admin.newAccount();
    const { charges } = await target.admin.seed({ account: id, count: 1, seed: 8 });
    const there = { stripeAccount: id };
    await target.admin.balance(id, 10_000_000);
    const made = await stripe.refunds.create({ charge: charges[0] ?? "" }, there);
    expect(["succeeded", "pending"]).toContain(made.status);
  });
});
