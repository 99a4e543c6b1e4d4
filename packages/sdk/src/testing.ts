import type { Notification, Ping } from "./notification.ts";
import { sign } from "./signature.ts";

/** A new secret of the form that Redress gives out, for tests. */
export function testSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

type Data = Notification["data"];
type Overrides = Omit<Partial<Data>, "purchase" | "refund"> & {
  purchase?: Partial<Data["purchase"]>;
  refund?: Partial<Data["refund"]>;
};

/**
 * A notification as Redress sends it: a whole refund of EUR 50.00, after which access is to be revoked, unless told
 * otherwise. Amounts are in the currency's smallest unit.
 */
export function testNotification(overrides: Overrides = {}): Notification {
  const access = overrides.access ?? "revoke";
  const failed = access === "restore";
  const purchase = {
    id: "pur_test",
    stripe_charge_id: "ch_test",
    stripe_payment_intent_id: "pi_test",
    order_number: "TEST-1",
    customer_email: "ada@example.com",
    amount: 5000,
    amount_refunded: failed ? 0 : 5000,
    currency: "eur",
  };
  const refund = {
    id: "rfd_test",
    stripe_refund_id: "re_test",
    amount: 5000,
    currency: "eur",
    status: failed ? "failed" : "succeeded",
    reason: "requested_by_customer",
    failure_reason: failed ? "expired_or_canceled_card" : null,
  };
  return {
    type: failed ? "refund.failed" : "refund.succeeded",
    timestamp: new Date().toISOString(),
    data: {
      app: "test-app",
      sequence: 1,
      ...overrides,
      access,
      purchase: { ...purchase, ...overrides.purchase },
      refund: { ...refund, ...overrides.refund },
    },
  };
}

/** The ping by which operators try out address and secret. */
export function testPing(app = "test-app"): Ping {
  return { type: "ping", timestamp: new Date().toISOString(), data: { app } };
}

export interface SignOptions {
  /** The secret that your handler was given; several are signed with each, as while one is rotated. */
  secret: string | readonly string[];
  /** The message's id, the same at each attempt; a new one unless told. */
  id?: string;
  /** When it is signed; now unless told. */
  at?: Date;
  /** Where it is sent. */
  url?: string;
}

/** A message as a signed request, ready for a handler or for `fetch`. */
export async function signedRequest(message: unknown, options: SignOptions): Promise<Request> {
  const body = JSON.stringify(message);
  const id = options.id ?? `ntf_${crypto.randomUUID()}`;
  const timestamp = Math.floor((options.at ?? new Date()).getTime() / 1000);
  const secrets = typeof options.secret === "string" ? [options.secret] : options.secret;
  const signatures = await Promise.all(secrets.map((secret) => sign(secret, { id, timestamp, body })));
  return new Request(options.url ?? "https://app.example.com/redress", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatures.join(" "),
    },
    body,
  });
}
