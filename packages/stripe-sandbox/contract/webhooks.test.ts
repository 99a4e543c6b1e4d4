// Events and their delivery, against Stripe's documented behaviour.
import Stripe from "stripe";
import { describe, expect, onTestFinished, test } from "vitest";
import type { DeliveryMode, RefundStatus } from "./admin.ts";
import { endpoint, type Received, signature, subject, verified } from "./listener.ts";
import { authorize, cardsOnly, pay } from "./payment.ts";
import { newKey, openTarget, refusal, sandboxOnly } from "./target.ts";

const target = await openTarget();
const { stripe, on } = target;
const hour = 3_600_000;
const day = 24 * hour;

const refund = (charge: string, amount = 1000, idempotencyKey = newKey()) =>
  stripe.refunds.create({ charge, amount }, { ...on, idempotencyKey });
const move = (id: string, status: RefundStatus) => target.admin.moveRefund(id, target.account, status);
const eventsSince = async (started: string | undefined, options: Stripe.RequestOptions = on) => {
  const { data } = await stripe.events.list(
    { limit: 100, ...(started && { ending_before: started }) },
    options,
  );
  return data.reverse();
};
const lastEvent = async (options: Stripe.RequestOptions = on) =>
  (await stripe.events.list({ limit: 1 }, options)).data[0]?.id;
/** Events of `act`, in the order they happened. */
async function happened(act: () => Promise<unknown>): Promise<Stripe.Event[]> {
  const before = await lastEvent();
  await act();
  return eventsSince(before);
}
const types = (events: Stripe.Event[]): string[] => events.map(({ type }) => type);
/** For the running test only. */
async function deliver(mode: DeliveryMode): Promise<void> {
  await target.admin.delivery(mode);
  onTestFinished(async () => void (await target.admin.delivery({})));
}
const timestamp = (request: Received) => Number(/t=(\d+)/.exec(signature(request))?.[1]);

describe("delivery", () => {
  sandboxOnly("5.1 signed with the endpoint's whole secret over timestamp and raw body", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created"] });
    expect(hook.secret).toMatch(/^whsec_/);
    const made = await refund((await pay(target)).charge);
    await hook.listener.reached(1);
    const [request] = hook.listener.received;
    if (!request) throw new Error("nothing delivered");
    expect(signature(request)).toMatch(/^t=\d+(,v[01]=[0-9a-f]{64})+$/);
    expect(verified(request, hook.secret)).toMatchObject({
      type: "refund.created",
      data: { object: { id: made.id } },
    });
    expect(() => verified(request, hook.secret.slice("whsec_".length))).toThrow(/No signatures found/);
    const changed = { ...request, body: request.body.replace('"amount": 1000', '"amount": 9000') };
    expect(changed.body).not.toBe(request.body);
    expect(() => verified(changed, hook.secret)).toThrow(/No signatures found/);
  });

  sandboxOnly("5.1 each endpoint has its own secret", async () => {
    const [one, two] = [await endpoint(target), await endpoint(target)];
    await pay(target);
    await target.admin.drain();
    const [request] = one.listener.received;
    expect(one.secret).not.toBe(two.secret);
    expect(() => request && verified(request, two.secret)).toThrow(/No signatures found/);
  });

  sandboxOnly("5.2 POST with Stripe's headers", async () => {
    const hook = await endpoint(target, { enabled_events: ["charge.succeeded"] });
    await pay(target);
    await hook.listener.reached(1);
    expect(hook.listener.received[0]).toMatchObject({
      method: "POST",
      path: "/webhooks",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        accept: "*/*; q=0.5, application/xml",
        "cache-control": "no-cache",
      },
    });
  });

  sandboxOnly(
    "5.2 the body is pretty-printed with two spaces; parsed and written again it no longer verifies",
    async () => {
      const hook = await endpoint(target, { enabled_events: ["charge.succeeded"] });
      await pay(target, { description: "größer ✓" });
      await hook.listener.reached(1);
      const [request] = hook.listener.received;
      if (!request) throw new Error("nothing delivered");
      expect(request.body.trimEnd()).toBe(JSON.stringify(JSON.parse(request.body), null, 2));
      const compact = { ...request, body: JSON.stringify(JSON.parse(request.body)) };
      expect(() => verified(compact, hook.secret)).toThrow(/No signatures found/);
    },
  );

  sandboxOnly.each([200, 201, 202, 204, 299])("5.2 %d is success: no retry", async (status) => {
    const hook = await endpoint(target, {
      enabled_events: ["charge.succeeded"],
      respond: () => ({ status }),
    });
    await pay(target);
    await hook.types();
    await target.admin.advance(day);
    await hook.types();
    expect(hook.listener.received).toHaveLength(1);
    const mine = (await target.admin.deliveries()).filter(({ endpoint: at }) => at === hook.id);
    expect(mine).toMatchObject([{ status: "delivered", attempt: 1, responseStatus: status }]);
  });

  sandboxOnly.each([301, 302, 307, 400, 401, 404, 410, 429, 500, 503])(
    "5.2 %d is failure: tried again later",
    async (status) => {
      const hook = await endpoint(target, {
        enabled_events: ["charge.succeeded"],
        respond: (_request, index) =>
          index === 0 ? { status, headers: { Location: "/elsewhere" } } : { status: 200 },
      });
      await pay(target);
      await hook.types();
      expect(hook.listener.received).toHaveLength(1);
      await target.admin.advance(day);
      await hook.types();
      expect(hook.listener.received.map(({ path }) => path)).toEqual(["/webhooks", "/webhooks"]);
    },
  );

  sandboxOnly("5.2 a closed connection is failure too", async () => {
    const hook = await endpoint(target, {
      enabled_events: ["charge.succeeded"],
      respond: (_request, index) => (index === 0 ? "drop" : {}),
    });
    await pay(target);
    await hook.types();
    await target.admin.advance(day);
    expect(await hook.types()).toEqual(["charge.succeeded", "charge.succeeded"]);
  });

  sandboxOnly(
    "5.2 in test mode three retries over a few hours, then no more; same event, fresh signature",
    async () => {
      const hook = await endpoint(target, {
        enabled_events: ["charge.succeeded"],
        respond: () => ({ status: 500 }),
      });
      await pay(target);
      await hook.types();
      for (let step = 0; step < 48; step += 1) {
        await target.admin.advance(hour / 2);
        await target.admin.drain();
      }
      const { received } = hook.listener;
      expect([3, 4]).toContain(received.length);
      expect(new Set(hook.events().map(({ id }) => id)).size).toBe(1);
      expect(new Set(received.map(timestamp)).size).toBe(received.length);
      expect(new Set(received.map(signature)).size).toBe(received.length);
      await target.admin.advance(4 * day);
      await target.admin.drain();
      expect(hook.listener.received).toHaveLength(received.length);
    },
  );

  sandboxOnly("5.2 the retry is a snapshot: the body stays as it was at event time", async () => {
    const hook = await endpoint(target, {
      enabled_events: ["refund.created"],
      respond: (_request, index) => ({ status: index === 0 ? 500 : 200 }),
    });
    const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
    const { id } = await refund(charge);
    await hook.types();
    await move(id, "succeeded");
    await target.admin.advance(day);
    await hook.types();
    const objects = hook.events().map(({ data }) => data.object);
    expect(objects).toMatchObject([
      { id, status: "pending" },
      { id, status: "pending" },
    ]);
  });

  sandboxOnly("5.2 a manual resend works, and does not stop the automatic series", async () => {
    let healthy = false;
    const hook = await endpoint(target, {
      enabled_events: ["charge.succeeded"],
      respond: () => ({ status: healthy ? 200 : 500 }),
    });
    await pay(target);
    await hook.types();
    healthy = true;
    await target.admin.redeliver(hook.events()[0]?.id ?? "", { endpoint: hook.id });
    await target.admin.drain();
    expect(hook.listener.received).toHaveLength(2);
    await target.admin.advance(day);
    await target.admin.drain();
    expect(hook.listener.received.length).toBeGreaterThan(2);
    expect(new Set(hook.events().map(({ id }) => id)).size).toBe(1);
  });

  sandboxOnly.each([
    ["disabled", (id: string) => stripe.webhookEndpoints.update(id, { disabled: true })],
    ["deleted", (id: string) => stripe.webhookEndpoints.del(id)],
  ])("5.2 a %s endpoint gets no retries and nothing new", async (_how, stop) => {
    const hook = await endpoint(target, {
      enabled_events: ["charge.succeeded"],
      respond: () => ({ status: 500 }),
    });
    await pay(target);
    await hook.types();
    await stop(hook.id);
    await pay(target);
    await target.admin.advance(day);
    await target.admin.drain();
    expect(hook.listener.received).toHaveLength(1);
  });
});

describe("disorder", () => {
  sandboxOnly("5.2 the same event may arrive more than once", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created"] });
    await deliver({ duplicate: 2 });
    await refund((await pay(target)).charge);
    await hook.types();
    expect(hook.listener.received).toHaveLength(3);
    expect(new Set(hook.events().map(({ id }) => id)).size).toBe(1);
  });

  sandboxOnly("5.2 events may arrive late and in another order", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created"] });
    const { charge } = await pay(target);
    await deliver({ mode: "hold" });
    const ids: string[] = [];
    for (let amount = 1; amount <= 12; amount += 1) ids.push((await refund(charge, amount)).id);
    expect(await hook.types()).toEqual([]);
    await target.admin.delivery({ mode: "normal", shuffle: true });
    await hook.listener.reached(12);
    const arrived = hook.events().map(subject);
    expect(arrived).not.toEqual(ids);
    expect([...arrived].sort()).toEqual([...ids].sort());
  });

  sandboxOnly("5.2 an event may be lost; the events list still has it", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created"] });
    const { charge } = await pay(target);
    await deliver({ mode: "drop", types: ["refund.created"] });
    const made = await refund(charge);
    expect(await hook.types()).toEqual([]);
    const { data } = await stripe.events.list({ type: "refund.created", limit: 1 }, on);
    expect(data).toMatchObject([{ data: { object: { id: made.id } } }]);
    await target.admin.delivery({});
    await target.admin.redeliver(data[0]?.id ?? "");
    expect(await hook.types()).toEqual(["refund.created"]);
  });

  sandboxOnly("5.1 a forged delivery does not verify", async () => {
    const hook = await endpoint(target, { enabled_events: ["charge.succeeded"] });
    await deliver({ badSignature: true });
    await pay(target);
    await hook.listener.reached(1);
    expect(() => hook.events()).toThrow(Stripe.errors.StripeSignatureVerificationError);
  });

  sandboxOnly("8 a webhook may arrive before the API's answer", async () => {
    const order: string[] = [];
    const hook = await endpoint(target, {
      enabled_events: ["refund.created"],
      respond: () => {
        order.push("webhook");
        return {};
      },
    });
    const { charge } = await pay(target);
    await deliver({ beforeResponse: true });
    await refund(charge);
    order.push("answer");
    await hook.types();
    expect(order).toEqual(["webhook", "answer"]);
  });
});

describe("event object", () => {
  sandboxOnly("5.3 members on a Connect delivery; request names the call that caused it", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created"] });
    const { charge } = await pay(target);
    const made = await refund(charge, 1000, "ri_77");
    await hook.listener.reached(1);
    expect(hook.events()[0]).toEqual({
      id: expect.stringMatching(/^evt_/),
      object: "event",
      account: target.account,
      api_version: "2026-10-28.endive",
      created: expect.any(Number),
      data: { object: { ...made } },
      livemode: false,
      pending_webhooks: expect.any(Number),
      request: { id: made.lastResponse.requestId, idempotency_key: "ri_77" },
      type: "refund.created",
    });
  });

  sandboxOnly("5.3 what Stripe starts itself has null request members", async () => {
    const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
    const { id } = await refund(charge);
    const events = await happened(() => move(id, "succeeded"));
    expect(events.length).toBeGreaterThan(0);
    for (const { request } of events) expect(request).toEqual({ id: null, idempotency_key: null });
  });

  sandboxOnly("5.3 an event can be fetched again with its account", async () => {
    const [event] = await happened(() => pay(target));
    expect(await stripe.events.retrieve(event?.id ?? "", {}, on)).toMatchObject({
      id: event?.id,
      type: event?.type,
    });
    expect(await refusal(stripe.events.retrieve(event?.id ?? ""))).toMatchObject({
      status: 404,
      code: "resource_missing",
    });
  });
});

describe("endpoints", () => {
  sandboxOnly("5.4 created with connect; the secret is in the create answer only", async () => {
    const url = "https://example.com/hook";
    const created = await stripe.webhookEndpoints.create({
      url,
      enabled_events: ["*"],
      connect: true,
      description: "contract",
      metadata: { a: "1" },
    });
    onTestFinished(async () => void (await stripe.webhookEndpoints.del(created.id)));
    expect(created).toMatchObject({
      id: expect.stringMatching(/^we_/),
      object: "webhook_endpoint",
      url,
      enabled_events: ["*"],
      status: "enabled",
      description: "contract",
      metadata: { a: "1" },
      livemode: false,
      application: expect.stringMatching(/^ca_/),
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(created).toHaveProperty("api_version");
    expect(await stripe.webhookEndpoints.retrieve(created.id)).not.toHaveProperty("secret");
    const listed = (await stripe.webhookEndpoints.list({ limit: 100 })).data.find(
      ({ id }) => id === created.id,
    );
    expect(listed).toMatchObject({ url });
    expect(listed).not.toHaveProperty("secret");
  });

  sandboxOnly("5.4 a platform endpoint has no application", async () => {
    const hook = await endpoint(target, { connect: false });
    expect((await stripe.webhookEndpoints.retrieve(hook.id)).application).toBeNull();
  });

  sandboxOnly("5.4 Connect endpoints hear connected accounts, platform endpoints the platform", async () => {
    const connect = await endpoint(target, { enabled_events: ["charge.succeeded"] });
    const platform = await endpoint(target, { enabled_events: ["charge.succeeded"], connect: false });
    const there = await pay(target);
    const here = await pay(target, {}, {});
    await target.admin.drain();
    expect(connect.events()).toMatchObject([
      { account: target.account, data: { object: { id: there.charge } } },
    ]);
    expect(platform.events()).toMatchObject([{ data: { object: { id: here.charge } } }]);
    expect(platform.events()[0]).not.toHaveProperty("account");
  });

  sandboxOnly("5.4 event.account tells connected accounts apart", async () => {
    const hook = await endpoint(target, { enabled_events: ["charge.succeeded"] });
    const other = await target.admin.newAccount();
    await pay(target);
    await pay(target, {}, { stripeAccount: other.id });
    await target.admin.drain();
    expect(
      hook
        .events()
        .map(({ account }) => account)
        .sort(),
    ).toEqual([target.account, other.id].sort());
  });

  sandboxOnly("5.4 nothing of an account that is not connected", async () => {
    const hook = await endpoint(target);
    const other = await target.admin.newAccount({ connected: false });
    await target.admin.charge({ account: other.id, amount: 1000, currency: "usd" });
    expect(await hook.types()).toEqual([]);
  });

  sandboxOnly("5.4 only the enabled events come", async () => {
    const hook = await endpoint(target, { enabled_events: ["refund.created", "charge.refunded"] });
    await refund((await pay(target)).charge);
    expect((await hook.types()).sort()).toEqual(["charge.refunded", "refund.created"]);
  });

  sandboxOnly("5.4 at most sixteen endpoints", async () => {
    const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
    for (let count = data.length; count < 16; count += 1)
      await endpoint(target, { enabled_events: ["charge.expired"] });
    expect(await refusal(endpoint(target))).toMatchObject({ status: 400, type: "invalid_request_error" });
  });

  sandboxOnly("5.4 a missing endpoint → 404 resource_missing", async () => {
    expect(await refusal(stripe.webhookEndpoints.retrieve("we_none"))).toMatchObject({
      status: 404,
      code: "resource_missing",
    });
  });
});

describe("types and their order", () => {
  sandboxOnly("5.5 a payment: charge.succeeded and payment_intent.succeeded", async () => {
    const seen = types(await happened(() => pay(target)));
    expect(seen).toEqual(expect.arrayContaining(["charge.succeeded", "payment_intent.succeeded"]));
    expect(seen.indexOf("charge.succeeded")).toBeLessThan(seen.indexOf("payment_intent.succeeded"));
  });

  sandboxOnly("5.5 a later capture: charge.captured", async () => {
    const { intent } = await authorize(target);
    const events = await happened(() => stripe.paymentIntents.capture(intent, {}, on));
    expect(types(events)).toContain("charge.captured");
  });

  sandboxOnly("5.5 a declined card: charge.failed", async () => {
    const events = await happened(() => refusal(pay(target, { payment_method: "pm_card_chargeDeclined" })));
    expect(events.find(({ type }) => type === "charge.failed")).toMatchObject({
      data: { object: { status: "failed" } },
    });
  });

  sandboxOnly("5.5 payment_intent.* follow the life of a payment intent", async () => {
    const details = { amount: 5000, currency: "usd", automatic_payment_methods: cardsOnly };
    let id = "";
    const made = await happened(async () => {
      id = (await stripe.paymentIntents.create(details, on)).id;
    });
    const declined = await happened(() =>
      refusal(stripe.paymentIntents.confirm(id, { payment_method: "pm_card_chargeDeclined" }, on)),
    );
    const canceled = await happened(() => stripe.paymentIntents.cancel(id, {}, on));
    const held = await happened(() => authorize(target));
    expect(types(made)).toEqual(["payment_intent.created"]);
    expect(types(declined)).toEqual(
      expect.arrayContaining(["charge.failed", "payment_intent.payment_failed"]),
    );
    expect(types(canceled)).toEqual(["payment_intent.canceled"]);
    expect(types(held)).toContain("payment_intent.amount_capturable_updated");
    for (const event of [...made, ...canceled])
      expect(event.data.object).toMatchObject({ id, object: "payment_intent" });
  });

  sandboxOnly("5.5 an updated charge: charge.updated with what was there before", async () => {
    const { charge } = await pay(target, { metadata: { a: "1" } });
    const [event] = await happened(() => stripe.charges.update(charge, { metadata: { a: "2" } }, on));
    expect(event).toMatchObject({
      type: "charge.updated",
      data: { object: { id: charge, metadata: { a: "2" } }, previous_attributes: { metadata: { a: "1" } } },
    });
  });

  sandboxOnly("5.5 a card refund: refund.created, then charge.refunded", async () => {
    const { charge } = await pay(target);
    const events = await happened(() => refund(charge, 1500));
    expect(types(events)).toEqual(["refund.created", "charge.refunded"]);
    expect(events[0]?.data.object).toMatchObject({ object: "refund", amount: 1500, status: "succeeded" });
    expect(events[1]?.data.object).toMatchObject({
      object: "charge",
      id: charge,
      amount_refunded: 1500,
      refunded: false,
    });
  });

  sandboxOnly(
    "4.6 charge.refunded has no refunds list, but what amount_refunded and refunded were",
    async () => {
      const { charge } = await pay(target);
      await refund(charge, 1500);
      const last = (await happened(() => refund(charge, 3500))).at(-1);
      expect(last?.data.object).not.toHaveProperty("refunds");
      expect(last?.data.object).toMatchObject({ amount_refunded: 5000, refunded: true });
      expect(last?.data.previous_attributes).toMatchObject({ amount_refunded: 1500, refunded: false });
    },
  );

  sandboxOnly(
    "5.5 the reference: refund.updated and charge.refund.updated with the older destination_details",
    async () => {
      const { id } = await refund((await pay(target)).charge);
      const events = await happened(() =>
        target.admin.reference(id, target.account, "74715960000000000000002"),
      );
      expect(types(events).sort()).toEqual(["charge.refund.updated", "refund.updated"]);
      for (const { data } of events) {
        expect(data.object).toMatchObject({ object: "refund", id });
        expect(data.previous_attributes).toMatchObject({
          destination_details: { card: { reference_status: "pending" } },
        });
      }
    },
  );

  sandboxOnly("5.5 a later failure: refund.failed and refund.updated in any order", async () => {
    const { id } = await refund((await pay(target)).charge);
    const events = await happened(() => move(id, "failed"));
    expect(types(events)).toEqual(expect.arrayContaining(["refund.failed", "refund.updated"]));
    for (const event of events.filter(({ type }) => /^(charge\.)?refund\./.test(type))) {
      expect(event).toMatchObject({
        data: {
          object: { id, object: "refund", status: "failed" },
          previous_attributes: {
            failure_balance_transaction: null,
            failure_reason: null,
            status: "succeeded",
          },
        },
        request: { id: null, idempotency_key: null },
      });
    }
  });

  sandboxOnly(
    "5.5 a pending refund: refund.created at once, refund.updated on completion, charge.refunded by then",
    async () => {
      const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
      let id = "";
      const begun = await happened(async () => {
        id = (await refund(charge)).id;
      });
      const done = await happened(() => move(id, "succeeded"));
      expect(begun[0]).toMatchObject({ type: "refund.created", data: { object: { id, status: "pending" } } });
      expect(done.find(({ type }) => type === "refund.updated")).toMatchObject({
        data: { object: { id, status: "succeeded" }, previous_attributes: { status: "pending" } },
      });
      expect(types([...begun, ...done]).filter((type) => type === "charge.refunded")).toHaveLength(1);
    },
  );

  sandboxOnly("5.5 a cancelled refund: refund.updated with status canceled", async () => {
    const { charge } = await pay(target, { payment_method: "pm_card_pendingRefund" });
    const { id } = await refund(charge);
    const events = await happened(() => move(id, "canceled"));
    expect(events.find(({ type }) => type === "refund.updated")).toMatchObject({
      data: { object: { id, status: "canceled" } },
    });
  });

  sandboxOnly("5.5 a metadata update: refund.updated, with the request that made it", async () => {
    const { id } = await refund((await pay(target)).charge);
    const events = await happened(() =>
      stripe.refunds.update(id, { metadata: { a: "1" } }, { ...on, idempotencyKey: "k-upd" }),
    );
    expect(events.find(({ type }) => type === "refund.updated")).toMatchObject({
      data: { object: { id, metadata: { a: "1" } } },
      request: { id: expect.stringMatching(/^req_/), idempotency_key: "k-upd" },
    });
  });

  sandboxOnly("5.5 a refund the merchant makes alone is told as well", async () => {
    const merchant = await target.admin.newAccount();
    const hook = await endpoint(target, { enabled_events: ["refund.created", "charge.refunded"] });
    const { charge } = await pay(target, {}, { stripeAccount: merchant.id });
    const made = await target.client(merchant.secretKey).refunds.create({ charge });
    await hook.types();
    expect(hook.events()).toMatchObject([
      { account: merchant.id, type: "refund.created", data: { object: { id: made.id } } },
      { account: merchant.id, type: "charge.refunded" },
    ]);
  });

  sandboxOnly("5.5 a replayed request makes no events", async () => {
    const { charge } = await pay(target);
    const key = newKey();
    await refund(charge, 1000, key);
    expect(await happened(() => refund(charge, 1000, key))).toEqual([]);
  });

  sandboxOnly("4.7 a refunded application fee: application_fee.refunded on the platform", async () => {
    const hook = await endpoint(target, { enabled_events: ["application_fee.refunded"], connect: false });
    const { charge } = await pay(target, { application_fee_amount: 500 });
    await stripe.refunds.create({ charge, amount: 1000 }, on);
    expect(await hook.types()).toEqual([]);
    await stripe.refunds.create({ charge, amount: 2500, refund_application_fee: true }, on);
    await hook.types();
    expect(hook.events()).toMatchObject([
      { data: { object: { object: "application_fee", amount: 500, amount_refunded: 250, refunded: false } } },
    ]);
    expect(hook.events()[0]).not.toHaveProperty("account");
  });
});

describe("events list", () => {
  test("5.6 newest first, of the account that is asked for", async () => {
    const { charge } = await pay(target);
    const { data, ...list } = await stripe.events.list({ type: "charge.succeeded", limit: 3 }, on);
    expect(list).toMatchObject({ object: "list", url: "/v1/events" });
    expect(data[0]).toMatchObject({ object: "event", data: { object: { id: charge } } });
    const platforms = await stripe.events.list({ limit: 100 });
    expect(platforms.data.map(({ id }) => id)).not.toContain(data[0]?.id);
  });

  sandboxOnly.each<[string, Stripe.EventListParams, string[]]>([
    ["type", { type: "refund.created" }, ["refund.created"]],
    ["type with a wildcard", { type: "charge.*" }, ["charge.refunded", "charge.succeeded"]],
    ["types", { types: ["refund.created", "charge.refunded"] }, ["charge.refunded", "refund.created"]],
  ])("5.6 by %s", async (_filter, params, expected) => {
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    const { charge } = await pay(target, {}, there);
    await stripe.refunds.create({ charge }, there);
    const { data } = await stripe.events.list({ ...params, limit: 100 }, there);
    expect(types(data).sort()).toEqual(expected);
  });

  test("5.6 more than twenty types → 400", async () => {
    const call = stripe.events.list({ types: Array.from({ length: 21 }, () => "charge.refunded") }, on);
    expect((await refusal(call)).status).toBe(400);
  });

  sandboxOnly("5.6 by time of creation", async () => {
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    await pay(target, {}, there);
    await target.admin.advance(hour);
    const since = Math.floor((await target.admin.now()) / 1000);
    const late = await pay(target, {}, there);
    const { data } = await stripe.events.list({ type: "charge.succeeded", created: { gte: since } }, there);
    expect(data).toMatchObject([{ data: { object: { id: late.charge } } }]);
  });

  sandboxOnly("5.6 delivery_success=false gives what no endpoint took", async () => {
    let healthy = false;
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    await endpoint(target, {
      enabled_events: ["charge.succeeded"],
      respond: () => ({ status: healthy ? 200 : 500 }),
    });
    const failed = await pay(target, {}, there);
    await target.admin.drain();
    healthy = true;
    await pay(target, {}, there);
    await target.admin.drain();
    const { data } = await stripe.events.list({ delivery_success: false, type: "charge.succeeded" }, there);
    expect(data).toMatchObject([{ data: { object: { id: failed.charge } } }]);
  });

  sandboxOnly("5.6 events are kept for thirty days", async () => {
    const there = { stripeAccount: (await target.admin.newAccount()).id };
    await pay(target, {}, there);
    await target.admin.advance(29 * day);
    expect((await stripe.events.list({ type: "charge.succeeded" }, there)).data).toHaveLength(1);
    await target.admin.advance(2 * day);
    expect((await stripe.events.list({ type: "charge.succeeded" }, there)).data).toEqual([]);
    expect((await stripe.charges.list({}, there)).data).toHaveLength(1);
  });

  test.each(["starting_after", "ending_before"] as const)(
    "5.6 bad cursor %s → resource_missing",
    async (cursor) => {
      expect(await refusal(stripe.events.list({ [cursor]: "evt_none" }, on))).toMatchObject({
        code: "resource_missing",
        param: cursor,
      });
    },
  );
});
