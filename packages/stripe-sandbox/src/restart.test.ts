import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "./start.ts";

/**
 * Guarantee: with a data folder, everything that was answered survives the death of the process: objects,
 * stored answers, the clock, timers and deliveries that were still due.
 */

const START = Date.UTC(2026, 10, 1);
let folder: string;
const running: Sandbox[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-restart-"));
});
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string): Promise<Sandbox> {
  const sandbox = await startSandbox({ dataDirectory: join(folder, name), now: () => START, seed: 7 });
  running.push(sandbox);
  return sandbox;
}

/** What a killed process leaves: the folder as it is at this moment, without a farewell. */
async function startFromCopy(from: string, to: string): Promise<Sandbox> {
  cpSync(join(folder, from), join(folder, to), { recursive: true });
  rmSync(join(folder, to, "sandbox.pid"));
  return start(to);
}

function client({ origin, platform }: Sandbox): Stripe {
  const { hostname, port } = new URL(origin);
  return new Stripe(platform.secretKey, {
    host: hostname,
    port: Number(port),
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

test("a killed sandbox comes back with its objects, keys, clock and timers", async () => {
  const first = await start("first");
  const { id: account } = await first.admin.createAccount({ connected: true });
  await first.admin.moveClock({ advanceMs: 60_000 });
  const charge = await first.admin.createCharge({
    account,
    amount: 5000,
    currency: "usd",
    payment_method: "pm_card_pendingRefund",
  });
  const key = { stripeAccount: account, idempotencyKey: "refund:1" };
  const refund = await client(first).refunds.create({ charge: charge.id }, key);
  expect(refund.status).toBe("pending");

  const second = await startFromCopy("first", "second");
  expect(second.platform).toEqual(first.platform);
  expect(await second.admin.clock()).toEqual(await first.admin.clock());
  const replay = await client(second).refunds.create({ charge: charge.id }, key);
  expect(replay.id).toBe(refund.id);
  expect(replay.lastResponse.headers).toMatchObject({ "idempotent-replayed": "true" });
  expect(await client(second).charges.retrieve(charge.id, {}, { stripeAccount: account })).toMatchObject({
    id: charge.id,
    amount_refunded: 5000,
  });
  // The timer that completes a pending refund was stored too.
  await second.admin.moveClock({ advanceMs: 24 * 60 * 60_000 });
  const later = await client(second).refunds.retrieve(refund.id, {}, { stripeAccount: account });
  expect(later.status).toBe("succeeded");
  // Ids go on: the same seed draws others after a restart.
  const other = await second.admin.createCharge({ account, amount: 100, currency: "usd" });
  expect(other.id).not.toBe(charge.id);
});

test("deliveries that were due or waiting for a retry are made after the restart", async () => {
  const received: string[] = [];
  let answer = 500;
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      received.push(JSON.parse(body).type);
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  try {
    const address = receiver.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const first = await start("first");
    const { id: account } = await first.admin.createAccount({ connected: true });
    const url = `http://127.0.0.1:${address.port}/`;
    await client(first).webhookEndpoints.create({ url, connect: true, enabled_events: ["charge.succeeded"] });
    await first.admin.createCharge({ account, amount: 100, currency: "usd" });
    await first.admin.drainDeliveries();
    expect(received).toEqual(["charge.succeeded"]);

    answer = 200;
    const second = await startFromCopy("first", "second");
    await second.admin.drainDeliveries();
    expect(received).toHaveLength(1);
    await second.admin.moveClock({ advanceMs: 24 * 60 * 60_000 });
    await second.admin.drainDeliveries();
    expect(received).toEqual(["charge.succeeded", "charge.succeeded"]);
    const { deliveries } = await second.admin.deliveries();
    expect(deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "failed"],
      [2, "delivered"],
    ]);
  } finally {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  }
});

test("the same seed and clock draw the same ids and keys", async () => {
  const ids = async (name: string) => {
    const sandbox = await start(name);
    const { id: account } = await sandbox.admin.createAccount({ connected: true });
    const charge = await sandbox.admin.createCharge({ account, amount: 100, currency: "usd" });
    return { ...sandbox.platform, account, charge: charge.id, created: charge.created };
  };
  expect(await ids("one")).toEqual(await ids("two"));
});
