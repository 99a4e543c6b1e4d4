import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectDatabase, type DatabaseConnection } from "./connect.ts";
import { approvals, apps, auditLogs, purchases, refundAttempts, refunds } from "./schema.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

const at = new Date("2026-11-23T10:00:00Z");
let testDatabase: TestDatabase;
let connection: DatabaseConnection;
let serial = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  connection = connectDatabase({ connectionString: testDatabase.connectionString });
  await connection.database
    .insert(apps)
    .values({ id: "app_1", slug: "type-school", name: "Type School", createdAt: at, updatedAt: at });
});

afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

/** The name of the constraint that refuses the work, or `null` when nothing does. */
async function refusedBy(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (typeof cause !== "object" || cause === null) throw error;
    if ("constraint" in cause && typeof cause.constraint === "string") return cause.constraint;
    return "code" in cause ? String(cause.code) : "unknown";
  }
}

async function addPurchase(amountCaptured = 5000): Promise<string> {
  const id = `pur_${++serial}`;
  await connection.database.insert(purchases).values({
    id,
    appId: "app_1",
    stripeAccountId: "acct_1",
    stripeChargeId: `ch_${id}`,
    livemode: false,
    amountCaptured,
    currency: "eur",
    personalSalt: "salt",
    purchasedAt: at,
    createdAt: at,
    updatedAt: at,
  });
  return id;
}

type NewRefund = typeof refunds.$inferInsert;

function refundOf(purchaseId: string, change: Partial<NewRefund> = {}): NewRefund {
  return {
    id: `rfd_${++serial}`,
    appId: "app_1",
    purchaseId,
    stripeAccountId: "acct_1",
    stripeChargeId: `ch_${purchaseId}`,
    origin: "redress",
    amount: 1000,
    currency: "eur",
    requestedByKind: "operator",
    requestedById: "opr_sam",
    requestedByOwner: "opr_sam",
    status: "awaiting_approval",
    requestedAt: at,
    updatedAt: at,
    ...change,
  };
}

const parameters = (purchaseId: string) => ({ charge: `ch_${purchaseId}`, amount: 1000, metadata: {} });

const addRefund = (refund: NewRefund) => connection.database.insert(refunds).values(refund);

/** A refund that is approved by another person, and ready to be sent. */
async function addApproved(
  purchaseId: string,
  change: Partial<NewRefund> = {},
): Promise<{ id: string; approvalId: string }> {
  const refund = refundOf(purchaseId, change);
  const approvalId = `apr_${refund.id}`;
  await addRefund(refund);
  await approve(refund, { id: approvalId });
  await connection.database
    .update(refunds)
    .set({ status: "approved", approvalId })
    .where(eq(refunds.id, refund.id));
  return { id: refund.id, approvalId };
}

const approve = (refund: NewRefund, change: Partial<typeof approvals.$inferInsert> = {}) =>
  connection.database.insert(approvals).values({
    id: `apr_${++serial}`,
    refundId: refund.id,
    purchaseId: refund.purchaseId,
    amount: refund.amount,
    currency: refund.currency,
    requestedByOwner: refund.requestedByOwner,
    decision: "approved",
    decidedByKind: "operator",
    decidedById: "opr_ada",
    decidedAt: at,
    ...change,
  });

describe("money", () => {
  it("reservations never exceed what was captured, however many ask at once", async () => {
    const purchaseId = await addPurchase(5000);
    const asked = Array.from({ length: 20 }, () =>
      refusedBy(addRefund(refundOf(purchaseId, { amount: 900 }))),
    );
    const results = await Promise.all(asked);
    expect(results.filter((result) => result === null)).toHaveLength(5);
    expect(new Set(results)).toEqual(new Set([null, "refunds_within_captured"]));
  });

  it("a refund that Stripe reports is recorded even when requests hold the rest", async () => {
    const purchaseId = await addPurchase(1000);
    await addRefund(refundOf(purchaseId));
    const foreign = refundOf(purchaseId, {
      origin: "stripe",
      requestedByKind: "stripe",
      requestedById: "re_1",
      requestedByOwner: "stripe",
      stripeRefundId: "re_1",
      status: "succeeded",
    });
    expect(await refusedBy(addRefund(foreign))).toBeNull();
  });

  it("an intention is not committed once a foreign refund has taken the money", async () => {
    const purchaseId = await addPurchase(1000);
    const { id, approvalId } = await addApproved(purchaseId);
    await addRefund(
      refundOf(purchaseId, {
        origin: "stripe",
        requestedByKind: "stripe",
        requestedById: "re_2",
        requestedByOwner: "stripe",
        stripeRefundId: "re_2",
        status: "succeeded",
      }),
    );
    const execute = connection.database
      .update(refunds)
      .set({
        status: "executing",
        idempotencyKey: `refund:${purchaseId}:${approvalId}`,
        stripeParameters: parameters(purchaseId),
      })
      .where(eq(refunds.id, id));
    expect(await refusedBy(execute)).toBe("refunds_within_captured");
  });

  it.each([
    ["an amount of zero", { amount: 0 }, "refunds_amount"],
    ["another currency than the purchase's", { currency: "usd" }, "refunds_of_purchase"],
    ["another account than the purchase's", { stripeAccountId: "acct_2" }, "refunds_of_purchase"],
  ] as const)("%s is refused", async (_, change, constraint) => {
    expect(await refusedBy(addRefund(refundOf(await addPurchase(), change)))).toBe(constraint);
  });
});

describe("approval", () => {
  it("nobody approves what they, or their agent, asked for", async () => {
    const refund = refundOf(await addPurchase(), { requestedByKind: "agent", requestedById: "key_1" });
    await addRefund(refund);
    expect(await refusedBy(approve(refund, { decidedById: "opr_sam" }))).toBe("approvals_not_own");
  });

  it("is bound to the amount that was asked for", async () => {
    const refund = refundOf(await addPurchase());
    await addRefund(refund);
    expect(await refusedBy(approve(refund, { amount: 1001 }))).toBe("approvals_of_request");
  });

  it("one decision is in force, and it does not change", async () => {
    const refund = refundOf(await addPurchase());
    await addRefund(refund);
    await approve(refund, { id: "apr_fixed" });
    expect(await refusedBy(approve(refund))).toBe("approvals_one_decision");
    const edit = connection.database
      .update(approvals)
      .set({ decidedById: "opr_eve" })
      .where(eq(approvals.id, "apr_fixed"));
    expect(await refusedBy(edit)).toBe("approvals_fixed");
  });

  it("nothing is executed without it", async () => {
    const refund = refundOf(await addPurchase());
    await addRefund(refund);
    const approved = connection.database
      .update(refunds)
      .set({ status: "approved" })
      .where(eq(refunds.id, refund.id));
    expect(await refusedBy(approved)).toBe("refunds_approved_before_sent");
  });
});

describe("what was sent", () => {
  async function executing() {
    const purchaseId = await addPurchase();
    const { id, approvalId } = await addApproved(purchaseId);
    const key = `refund:${purchaseId}:${approvalId}`;
    await connection.database
      .update(refunds)
      .set({ status: "executing", idempotencyKey: key, stripeParameters: parameters(purchaseId) })
      .where(eq(refunds.id, id));
    return id;
  }
  const change = (id: string, values: Partial<NewRefund>) =>
    refusedBy(connection.database.update(refunds).set(values).where(eq(refunds.id, id)));

  it("keeps its key, amount and charge", async () => {
    const id = await executing();
    expect(await change(id, { idempotencyKey: null, stripeParameters: null })).toBe("refunds_key_fixed");
    expect(await change(id, { stripeParameters: { ...parameters("pur_0"), amount: 1 } })).toBe(
      "refunds_parameters_fixed",
    );
    expect(await change(id, { amount: 1 })).toBe("refunds_facts_fixed");
    expect(await change(id, { stripeChargeId: "ch_other" })).toBe("refunds_facts_fixed");
  });

  it("belongs to one Stripe refund for ever", async () => {
    const id = await executing();
    expect(await change(id, { status: "succeeded", stripeRefundId: `re_${id}` })).toBeNull();
    expect(await change(id, { stripeRefundId: "re_other" })).toBe("refunds_one_stripe_refund");
    const other = await executing();
    expect(await change(other, { status: "succeeded", stripeRefundId: `re_${id}` })).toBe(
      "refunds_stripe_refund",
    );
  });

  it("does not go back, and is not withdrawn while its outcome is unknown", async () => {
    const id = await executing();
    expect(await change(id, { status: "approved" })).toBe("refunds_transition");
    expect(await change(id, { outcomeUnknown: true })).toBeNull();
    expect(await change(id, { status: "refused", refusedCode: "x" })).toBe("refunds_unknown_stays_reserved");
  });

  it("leaves no attempt without a stored key", async () => {
    const refund = refundOf(await addPurchase());
    await addRefund(refund);
    expect(await change(refund.id, { attemptCount: 1 })).toBe("refunds_key_before_attempt");
    const attempt = connection.database.insert(refundAttempts).values({
      id: "att_1",
      refundId: "rfd_nowhere",
      number: 1,
      kind: "create",
      idempotencyKey: "k",
      startedAt: at,
    });
    expect(await refusedBy(attempt)).toMatch(/refund_attempts_refund_id/);
  });
});

describe("records", () => {
  it("the audit log refuses UPDATE, DELETE and TRUNCATE", async () => {
    const { database } = connection;
    await database.insert(auditLogs).values({
      at,
      actorKind: "system",
      actorId: "test",
      action: "app_created",
      correlationId: "cor_1",
      details: {},
    });
    const restrictViolation = "23001";
    expect(await refusedBy(database.update(auditLogs).set({ action: "app_updated" }))).toBe(
      restrictViolation,
    );
    expect(await refusedBy(database.delete(auditLogs))).toBe(restrictViolation);
    expect(await refusedBy(database.execute(sql`truncate audit_logs cascade`))).toBe(restrictViolation);
  });

  it("refunds are never deleted", async () => {
    const refund = refundOf(await addPurchase());
    await addRefund(refund);
    expect(await refusedBy(connection.database.delete(refunds).where(eq(refunds.id, refund.id)))).toBe(
      "23001",
    );
  });

  it("an app is connected as a whole or not at all", async () => {
    const half = connection.database
      .update(apps)
      .set({ stripeAccountId: "acct_half" })
      .where(eq(apps.id, "app_1"));
    expect(await refusedBy(half)).toBe("apps_connection_whole");
  });
});
