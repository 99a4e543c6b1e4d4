import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "./start.ts";

/** Guarantee: the sandbox's time is its own, and moving it makes what falls due happen, in its order. */

let sandbox: Sandbox;
let now = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  sandbox = await startSandbox({ now: () => now, seed: 3 });
});
afterEach(() => sandbox.close());

test("it follows its source, keeps its offset, and never goes back", async () => {
  const { admin } = sandbox;
  expect(await admin.clock()).toEqual({ nowMs: now });
  expect(await admin.moveClock({ advanceMs: 500 })).toEqual({ nowMs: now + 500 });
  now += 1000;
  expect(await admin.clock()).toEqual({ nowMs: now + 500 });
  await expect(admin.moveClock({ toMs: now })).rejects.toThrow("only moves forward");
  expect(await admin.moveClock({ toMs: now + 9000 })).toEqual({ nowMs: now + 9000 });
  await admin.reset();
  expect(await admin.clock()).toEqual({ nowMs: now });
});

test("what falls due on the way happens at its own moment, once", async () => {
  const { admin } = sandbox;
  const { id: account, secretKey } = await admin.createAccount({});
  const pending = await admin.createCharge({
    account,
    amount: 100,
    currency: "usd",
    payment_method: "pm_card_pendingRefund",
  });
  const call = async (path: string, body?: string) => {
    const answer = await fetch(sandbox.origin + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${secretKey}` },
      ...(body === undefined ? {} : { body }),
    });
    return answer.json();
  };
  await call("/v1/refunds", `charge=${pending.id}`);
  const started = (await admin.clock()).nowMs / 1000;
  await admin.moveClock({ advanceMs: 7 * 24 * 60 * 60_000 });
  await admin.moveClock({ advanceMs: 7 * 24 * 60 * 60_000 });
  const { data } = await call("/v1/events?type=refund.updated");
  expect(data).toMatchObject([{ data: { object: { status: "succeeded" } } }]);
  const [event] = data;
  expect(event.created).toBeGreaterThan(started);
  expect(event.created).toBeLessThan(started + 2 * 24 * 60 * 60);
});
