import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { execute } from "../testing/drive-refund.ts";
import { beginAttempt } from "./begin-attempt.ts";
import {
  app,
  chainOf,
  correlationId,
  detail,
  harness,
  live,
  onCreate,
  openDesk,
  setDispute,
  stick,
  surface,
} from "./replaced-refund.fixture.ts";
import { resumeBlocked } from "./resume-refunds.ts";

// A 500 says nothing: Stripe may make the refund hours later, when another one has taken its place. From the
// moment the desk knows, nothing that stands in for it is sent, however long the chain and whatever was tried.
beforeAll(openDesk);
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const beginnings = {
  "has not called": async () => {},
  "was put off by a 429": async (id: string) => {
    await harness.sandbox.admin.addFault({ fault: "rate_limit", ...onCreate });
    expect(await execute(harness, id)).toBe("again");
  },
  "made a call that was lost": async (id: string) => {
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onCreate });
    expect(await execute(harness, id)).toBe("again");
  },
  "died with its intention": async (id: string) => {
    expect(await beginAttempt(harness.dependencies, { refundId: id, correlationId })).toMatchObject({
      kind: "create",
    });
  },
  "met a call under way with its key": async (id: string) => {
    await harness.sandbox.admin.addFault({ fault: "idempotency_key_in_use", ...onCreate });
    expect(await execute(harness, id)).toBe("again");
  },
  "is held up by a dispute that was won since": async (id: string) => {
    await setDispute(id, { disputeStatus: "needs_response", refundsBlockedByDispute: true });
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked" });
    await setDispute(id, { disputeStatus: "won", refundsBlockedByDispute: false });
  },
  "is stuck itself": stick,
};

describe.each(Object.entries(beginnings))("a replacement that %s is not sent", (_name, begin) => {
  test.each([
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 0],
    [3, 1],
    [3, 2],
  ])("once Stripe has, of %i before it, number %i", async (replacements, culprit) => {
    const purchase = await harness.purchase({ app, amount: 20_000 });
    const chain = await chainOf(purchase, replacements);
    const last = chain.at(-1) ?? "";
    await begin(last);
    await harness.sandbox.admin.clearFaults();
    await surface(purchase, chain[culprit] ?? "");
    await resumeBlocked(harness.dependencies, { appId: app.id, correlationId });
    await live(last);
    expect(await detail(last)).toMatchObject({ status: "refused", refusedCode: "replaced_refund_found" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
    expect(await detail(chain[culprit] ?? "")).toMatchObject({ status: "succeeded" });
  });
});
