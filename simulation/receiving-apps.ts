import type { Outbound, OutboundResponse } from "@redress/core/dependencies";
import { OutboundError } from "@redress/core/outbound/errors";
import { notificationSchema } from "@redress/sdk";
import { Webhook } from "standardwebhooks";
import type { z } from "zod";
import type { Faults } from "./faults.ts";
import type { Life, Scheduler } from "./scheduler.ts";

export type Notification = z.infer<typeof notificationSchema>;

/** One message that an app verified, each time it came. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly notification: Notification;
  readonly atMs: number;
}

/** An app as its own developers would have built it on the SDK's rules. */
export class ReceivingApp {
  readonly slug: string;
  readonly secret: string;
  readonly received: Received[] = [];
  /** What came and was no genuine message. */
  readonly refused: string[] = [];
  /** Charges whose customers may not use the product. */
  readonly revoked = new Set<string>();
  readonly #sequences = new Map<string, number>();
  isDown = false;

  constructor(slug: string, secret: string) {
    this.slug = slug;
    this.secret = secret;
  }

  /** @returns what it answers with 200, or null for 400 */
  take(headers: Record<string, string>, body: string, nowMs: number): string | null {
    const id = headers["webhook-id"] ?? "";
    const seconds = Number(headers["webhook-timestamp"]);
    const expected = new Webhook(this.secret).sign(id, new Date(seconds * 1000), body);
    const isFresh = Math.abs(nowMs - seconds * 1000) <= 5 * 60_000;
    if (headers["webhook-signature"] !== expected || !isFresh) {
      this.refused.push(`${id}: ${isFresh ? "signature" : "timestamp"}`);
      return null;
    }
    const notification = notificationSchema.parse(JSON.parse(body));
    this.received.push({ id, body, notification, atMs: nowMs });
    const { purchase, sequence, access } = notification.data;
    const charge = purchase.stripe_charge_id;
    if (sequence > (this.#sequences.get(charge) ?? 0)) {
      this.#sequences.set(charge, sequence);
      if (access === "revoke") this.revoked.add(charge);
      if (access === "restore") this.revoked.delete(charge);
    }
    return JSON.stringify({ status: "done" });
  }
}

/** The way from the desk to the apps. */
export function createOutboundNetwork(given: {
  scheduler: Scheduler;
  life: Life;
  faults: Faults;
  apps: ReadonlyMap<string, ReceivingApp>;
}): Outbound {
  const { scheduler, life, faults, apps } = given;
  const carry = (request: { url: string; headers: Record<string, string>; body: string }) => {
    const app = apps.get(request.url);
    if (app === undefined || app.isDown) throw unreachable();
    if (faults.strikes("app_error")) return answer(503, "");
    const body = app.take(request.headers, request.body, scheduler.nowMs);
    if (faults.strikes("app_answer_lost")) throw unreachable();
    return body === null ? answer(400, "") : answer(200, body);
  };
  return {
    post: (request) =>
      scheduler.external({
        life,
        label: `tells ${request.url} (${request.headers["webhook-id"] ?? "?"})`,
        run: async () => carry(request),
      }),
  };
}

function answer(status: number, body: string): OutboundResponse {
  return { status, headers: {}, body };
}

function unreachable(): OutboundError {
  return new OutboundError("connection_failed", "The app did not answer.");
}
