import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { requestRefund } from "@redress/core/refunds/request-refund";
import Stripe from "stripe";
import type { DeskProcess } from "./desk-process.ts";
import { connectSecret, type Site } from "./site.ts";

/** Somebody outside who wants something of the desk, whichever process of it lives. */
export interface Wish {
  /** Asks until there is an answer; how often it takes is counted. */
  run(): Promise<void>;
  asked: number;
  /** What was promised to them: event ids that were acknowledged. */
  readonly acknowledged: readonly string[];
}

export interface RealPath {
  readonly name: string;
  /** @param desk the process that lives now, or null */
  prepare(site: Site, desk: () => DeskProcess | null): Promise<Wish>;
  readonly expected: { readonly row: string; readonly action: string };
}

/** Less than half of the charge, so that Stripe would not refuse a second refund. */
export const refundedAmount = 4_000;
/** How long somebody waits before they try again. */
const patienceMs = 300;

/** A person approves; what follows is the whole way to Stripe and to the app. No webhook helps. */
const execute: RealPath = {
  name: "approve, execute, notify",
  expected: { row: "redress 4000 succeeded", action: "refund_executing" },
  async prepare(site, desk) {
    const { id: refundId } = await requestRefund(site.dependencies, {
      requester: { kind: "operator", id: "opr_ada" },
      purchaseId: site.purchase.id,
      amount: { amount: refundedAmount, currency: "eur" },
      requestKey: "ada's form",
      correlationId: "cor_crash",
    });
    const body = JSON.stringify({ refundId, operatorId: "opr_ben" });
    return persistent(async () => {
      const status = await post(desk(), "/approve", body, {});
      if (status !== null && status !== 200) throw new Error(`the approval was answered with ${status}`);
      return status === 200;
    });
  },
};

/** Stripe tells of a refund that the merchant made in the Dashboard: two events, each until it is acknowledged. */
const ingest: RealPath = {
  name: "webhook ingestion",
  expected: { row: "stripe 4000 succeeded", action: "refund_taken_in" },
  async prepare(site, desk) {
    const { stripe } = site.dependencies;
    const { accountId, accountKey } = site.app;
    const { hostname, port } = new URL(site.environment.REDRESS_SANDBOX_ORIGIN ?? "");
    const merchant = new Stripe(accountKey, { host: hostname, port, protocol: "http", telemetry: false });
    await merchant.refunds.create({ charge: site.purchase.chargeId, amount: refundedAmount });
    const { data } = await stripe.events.list({ limit: 100 }, { stripeAccount: accountId });
    const events = data.filter(({ type }) => type === "refund.created" || type === "charge.refunded");
    const acknowledged: string[] = [];
    const wish = persistent(async () => {
      for (const event of events.toReversed()) {
        if (acknowledged.includes(event.id)) continue;
        const body = JSON.stringify({ ...event, account: accountId }, null, 2);
        const status = await post(desk(), "/webhooks", body, { "stripe-signature": sign(body) });
        if (status !== 200) return false;
        acknowledged.push(event.id);
      }
      return true;
    });
    return Object.assign(wish, { acknowledged });
  },
};

export const realPaths: readonly RealPath[] = [execute, ingest];

function persistent(ask: () => Promise<boolean>): Wish {
  const wish: Wish = {
    asked: 0,
    acknowledged: [],
    async run() {
      do {
        wish.asked += 1;
        if (await ask()) return;
        await pause(patienceMs);
      } while (wish.asked < 1_000);
    },
  };
  return wish;
}

/** @returns null when there is nobody, or nobody lived to answer */
async function post(
  desk: DeskProcess | null,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<number | null> {
  if (desk === null) return null;
  try {
    const answer = await fetch(`${desk.url}${path}`, { method: "POST", body, headers });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

function sign(body: string): string {
  const timestamp = Math.floor(Date.now() / 1000);
  return `t=${timestamp},v1=${createHmac("sha256", connectSecret).update(`${timestamp}.${body}`).digest("hex")}`;
}
