import { refunds } from "@redress/database";
import { and, eq, isNotNull } from "drizzle-orm";
import { expect } from "vitest";
import type { Harness, TestApp } from "../testing/harness.ts";
import type { RunRow } from "./run.ts";
import { takeStep } from "./take-step.ts";

/** Who asks for comparisons in tests. */
export const asker = { kind: "operator", id: "opr_asker" } as const;

/** How the merchant refunds in the own Dashboard: with the account's own key, and none of our metadata. */
export async function refundInDashboard(
  harness: Harness,
  charge: { accountId: string; chargeId: string },
  amount: number,
  /** What methods without refunds of their own ask for. */
  instructions: { instructions_email?: string } = {},
): Promise<string> {
  const { accounts } = await harness.sandbox.admin.listAccounts();
  const secretKey = accounts.find(({ id }) => id === charge.accountId)?.secretKey;
  const response = await fetch(`${harness.sandbox.origin}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ charge: charge.chargeId, amount: String(amount), ...instructions }),
  });
  const refund = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(refund));
  return refund.id;
}

/** Invariant 3, judged from Stripe's ledger: every refund there has its row, and each says the same. */
export async function expectBooksEqual(
  harness: Harness,
  { accountId }: Pick<TestApp, "accountId">,
): Promise<void> {
  const ledger = await harness.sandbox.admin.ledger();
  const atStripe = (ledger.accounts[accountId]?.refunds ?? []).map(({ id, status, amount }) => ({
    id,
    status,
    amount,
  }));
  const here = await harness.dependencies.database
    .select({ id: refunds.stripeRefundId, status: refunds.status, amount: refunds.amount })
    .from(refunds)
    .where(and(eq(refunds.stripeAccountId, accountId), isNotNull(refunds.stripeRefundId)));
  const order = (a: { id: string | null }, b: { id: string | null }) =>
    (a.id ?? "") < (b.id ?? "") ? -1 : 1;
  expect(here.toSorted(order)).toEqual(atStripe.toSorted(order));
}

/** Takes steps until the run has ended, moving time to where it waits. */
export async function driveRun(harness: Harness, runId: string): Promise<RunRow> {
  for (let step = 0; step < 500; step += 1) {
    const { run } = await takeStep(harness.dependencies, { runId });
    if (run.status !== "running") return run;
    const waitMs = (run.nextAttemptAt?.getTime() ?? 0) - harness.clock.now().getTime();
    if (waitMs > 0) await harness.advance(waitMs);
  }
  throw new Error(`reconciliation ${runId} does not come to an end`);
}
