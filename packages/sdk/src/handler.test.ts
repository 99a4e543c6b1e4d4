import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  createHandler,
  type HandlerOptions,
  memorySequenceStore,
  type Notification,
} from "./index.ts";

const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const otherSecret = `whsec_${Buffer.alloc(24, 8).toString("base64")}`;

function notification(sequence: number, access: Notification["data"]["access"]): Notification {
  return {
    type: access === "restore" ? "refund.failed" : "refund.succeeded",
    timestamp: "2026-11-23T10:00:00.000Z",
    data: {
      sequence,
      access,
      app: "type-school",
      purchase: {
        id: "pur_1",
        stripe_charge_id: "ch_1",
        stripe_payment_intent_id: null,
        order_number: "A-1",
        customer_email: "ada@example.com",
        amount: 5000,
        amount_refunded: 5000,
        currency: "eur",
      },
      refund: {
        id: "rfd_1",
        stripe_refund_id: "re_1",
        amount: 5000,
        currency: "eur",
        status: "succeeded",
        reason: null,
        failure_reason: null,
      },
    },
  };
}

function request(
  payload: unknown,
  options: { secret?: string; at?: Date; body?: string; id?: string } = {},
): Request {
  const signed = JSON.stringify(payload);
  const at = options.at ?? new Date();
  const id = options.id ?? "ntf_1";
  return new Request("https://app.example.com/redress", {
    method: "POST",
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(options.secret ?? secret).sign(id, at, signed),
    },
    body: options.body ?? signed,
  });
}

function withHeader(name: string, value: string): Request {
  const changed = request(notification(1, "revoke"));
  changed.headers.set(name, value);
  return changed;
}
const withSignature = (value: string) => withHeader("webhook-signature", value);
const withTimestamp = (value: string) => withHeader("webhook-timestamp", value);

/** An app whose access is one boolean, and a record of what was called. */
function app(overrides: Partial<HandlerOptions> = {}) {
  const state = { access: true, calls: [] as string[] };
  const handler = createHandler({
    secrets: secret,
    sequences: memorySequenceStore(),
    revokeAccess: async (message) => {
      state.access = false;
      state.calls.push(`revoke ${message.sequence}`);
      return undefined;
    },
    restoreAccess: async (message) => {
      state.access = true;
      state.calls.push(`restore ${message.sequence}`);
      return undefined;
    },
    ...overrides,
  });
  return { state, handler };
}

describe("what is not from Redress changes nothing", () => {
  const old = new Date(Date.now() - 6 * 60_000);
  const future = new Date(Date.now() + 6 * 60_000);
  it.each([
    ["signed with another secret", request(notification(1, "revoke"), { secret: otherSecret }), 401],
    [
      "a body changed after signing",
      request(notification(1, "keep"), { body: JSON.stringify(notification(1, "revoke")) }),
      401,
    ],
    ["signed too long ago", request(notification(1, "revoke"), { at: old }), 401],
    ["signed in the future", request(notification(1, "revoke"), { at: future }), 401],
    ["a signature that is none", withSignature("v1,AAAA v2,xyz , v1"), 401],
    ["no timestamp", withTimestamp(""), 401],
    ["a timestamp that is no number", withTimestamp("1e9"), 401],
    ["no signature", new Request("https://app.example.com/", { method: "POST", body: "{}" }), 401],
    ["an unknown shape", request({ type: "refund.imagined", data: {} }), 400],
    ["a GET", new Request("https://app.example.com/"), 405],
  ])("%s", async (_, hostile, status) => {
    const { state, handler } = app();
    expect((await handler(hostile)).status).toBe(status);
    expect(state).toEqual({ access: true, calls: [] });
  });
});

describe("access", () => {
  it("is revoked, and the answer says done", async () => {
    const { state, handler } = app();
    const response = await handler(request(notification(1, "revoke")));
    expect(await response.json()).toEqual({ status: "done" });
    expect(state.access).toBe(false);
  });

  it("is told with either secret while one is rotated", async () => {
    const { state, handler } = app({ secrets: [otherSecret, secret] });
    await handler(request(notification(1, "revoke")));
    expect(state.access).toBe(false);
  });

  it("is told by a message that carries both signatures", async () => {
    const { state, handler } = app();
    const both = request(notification(1, "revoke"), { secret: otherSecret });
    const good = request(notification(1, "revoke")).headers.get("webhook-signature");
    both.headers.set("webhook-signature", `${both.headers.get("webhook-signature")} ${good}`);
    await handler(both);
    expect(state.access).toBe(false);
  });

  it("has the tolerance and the clock that it was given, on both sides", async () => {
    const now = Date.now() + 3_600_000;
    const { handler } = app({ toleranceSeconds: 60, now: () => now });
    const at = (seconds: number) =>
      request(notification(1, "revoke"), { at: new Date(now + seconds * 1000) });
    const statuses = [];
    for (const seconds of [-62, -58, 58, 62]) statuses.push((await handler(at(seconds))).status);
    expect(statuses).toEqual([401, 200, 200, 401]);
  });

  it("answers a message again as before, without calling twice, where answers are kept", async () => {
    const answers = new Map<string, Answer>();
    const { state, handler } = app({
      revokeAccess: async ({ sequence }) => {
        state.calls.push(`revoke ${sequence}`);
        return { status: "declined", reason: "sold on" };
      },
      replays: {
        read: async (id) => answers.get(id),
        write: async (id, answer) => void answers.set(id, answer),
      },
    });
    const first = await (await handler(request(notification(1, "revoke")))).json();
    expect(await (await handler(request(notification(1, "revoke")))).json()).toEqual(first);
    expect(state.calls).toEqual(["revoke 1"]);
  });

  it("a secret that is none is this app's mistake, not the sender's", async () => {
    const refused: string[] = [];
    const { handler } = app({ secrets: "whsec_oops", onRefused: ({ code }) => refused.push(code) });
    expect((await handler(request(notification(1, "revoke")))).status).toBe(500);
    expect(refused).toEqual(["secret_missing"]);
  });

  it("a function that throws is not answered as done, so that Redress tries again", async () => {
    const { handler } = app({ revokeAccess: () => Promise.reject(new Error("database down")) });
    await expect(handler(request(notification(1, "revoke")))).rejects.toThrow("database down");
  });

  it("ends as the highest sequence says, in any order and with any repetition", async () => {
    const deliveries = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(deliveries, async (sequences) => {
        const { state, handler } = app();
        // Odd messages revoke, even ones restore.
        for (const sequence of sequences) {
          const access = sequence % 2 === 1 ? "revoke" : "restore";
          await handler(request(notification(sequence, access), { id: `ntf_${sequence}` }));
        }
        expect(state.access).toBe(Math.max(...sequences) % 2 === 0);
      }),
      { numRuns: 200 },
    );
  });
});
