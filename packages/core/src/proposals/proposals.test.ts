import { auditLogs, refundProposals, refunds } from "@redress/database";
import { and, asc, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approveRefund } from "../approvals/approve-refund.ts";
import { rejectRefund } from "../approvals/reject-refund.ts";
import { isRedressError } from "../errors.ts";
import { requestRefund } from "../refunds/request-refund.ts";
import { execute } from "../testing/drive-refund.ts";
import { createEventDesk, type EventDesk } from "../testing/event-desk.ts";
import { type Harness, startHarness, type TestApp, type TestPurchase } from "../testing/harness.ts";
import { acceptProposal } from "./accept-proposal.ts";
import { dismissProposal } from "./dismiss-proposal.ts";
import { lapseProposals } from "./lapse-proposals.ts";
import { countOpenProposals, listProposals } from "./list-proposals.ts";
import { proposeRefund } from "./propose-refund.ts";

// An issuer's warning becomes one proposal, a click becomes one request, and invariant 2 stays: nothing is
// refunded without the approval that any other request needs.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  app = await harness.app();
});
afterAll(() => harness.close());

const correlationId = "cor_test";

async function warn({ accountId, chargeId }: TestPurchase): Promise<void> {
  await harness.sandbox.admin.createEarlyFraudWarning({
    account: accountId,
    charge: chargeId,
    fraud_type: "made_with_stolen_card",
  });
}

/** Delivers what Stripe says about warnings of a charge, in this order. */
async function tell({ accountId, chargeId }: TestPurchase, order: "sent" | "reversed" = "sent") {
  const about = (await desk.eventsOf(accountId)).filter(
    ({ type, data }) =>
      type.startsWith("radar.") && "charge" in data.object && data.object.charge === chargeId,
  );
  for (const event of order === "sent" ? about : about.toReversed()) {
    expect((await desk.deliver(event)).status).toBe(200);
    await desk.work();
    expect(await desk.inbox(event.id)).toMatchObject({ status: "handled", labels: [] });
  }
  return about.map(({ type }) => type);
}

async function warned(amount = 4_900): Promise<{ purchase: TestPurchase; proposalId: string }> {
  const purchase = await harness.purchase({ app, amount });
  await warn(purchase);
  await tell(purchase);
  const [proposal] = await proposalsOf(purchase);
  return { purchase, proposalId: proposal?.id ?? "" };
}

const proposalsOf = ({ id }: TestPurchase) =>
  harness.dependencies.database.select().from(refundProposals).where(eq(refundProposals.purchaseId, id));

const proposalActions = [
  "refund_proposed",
  "proposal_accepted",
  "proposal_dismissed",
  "proposal_lapsed",
] as const;

async function logOf({ id }: TestPurchase) {
  const rows = await harness.dependencies.database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.purchaseId, id), inArray(auditLogs.action, [...proposalActions])))
    .orderBy(asc(auditLogs.id));
  return rows.map(({ action, details }) => [action, ...(details.why === undefined ? [] : [details.why])]);
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (isRedressError(error) ? error.code : error),
  );

describe("a warning", () => {
  test("proposes all that is left, once, however often it comes; the log says so", async () => {
    const { purchase } = await warned();
    await tell(purchase);
    const { proposals } = await listProposals(harness.dependencies, {
      appIds: [app.id],
      purchaseId: purchase.id,
    });
    expect(proposals).toMatchObject([
      { status: "open", fraudType: "made_with_stolen_card", amountLeft: 4_900, currency: "eur" },
    ]);
    expect(await logOf(purchase)).toEqual([["refund_proposed"]]);
    const elsewhere = await listProposals(harness.dependencies, { appIds: [], purchaseId: purchase.id });
    expect(elsewhere.proposals).toEqual([]);
  });

  test.each(["sent", "reversed"] as const)(
    "taken back by Stripe, told in the order %s: nothing is left open",
    async (order) => {
      const purchase = await harness.purchase({ app });
      await warn(purchase);
      if (order === "sent") await tell(purchase);
      // Stripe takes a warning back once the charge is refunded.
      const { stripe } = harness.dependencies;
      await stripe.refunds.create({ charge: purchase.chargeId }, { stripeAccount: purchase.accountId });
      expect((await tell(purchase, order)).sort()).toEqual([
        "radar.early_fraud_warning.created",
        "radar.early_fraud_warning.updated",
      ]);
      expect(await proposalsOf(purchase)).toMatchObject(order === "sent" ? [{ status: "lapsed" }] : []);
      expect(await logOf(purchase)).toEqual(
        order === "sent" ? [["refund_proposed"], ["proposal_lapsed", "not_actionable"]] : [],
      );
    },
  );

  test.each([
    ["refunded", (purchase: TestPurchase) => refundAll(purchase)],
    ["disputed", (purchase: TestPurchase) => dispute(purchase)],
  ])("of a purchase that is %s meanwhile lapses, though Stripe's word on it is lost", async (why, happen) => {
    const { purchase, proposalId } = await warned();
    await happen(purchase);
    expect(
      (await listProposals(harness.dependencies, { appIds: "all", purchaseId: purchase.id, status: "open" }))
        .proposals,
    ).toEqual([]);
    await lapseProposals(harness.dependencies, { correlationId });
    expect(await proposalsOf(purchase)).toMatchObject([{ status: "lapsed", closedBy: null }]);
    expect(await logOf(purchase)).toEqual([["refund_proposed"], ["proposal_lapsed", why]]);
    const operatorId = (await harness.operator("agent")).id;
    expect(
      await codeOf(acceptProposal(harness.dependencies, { proposalId, operatorId, correlationId })),
    ).toBe("proposal_closed");
    // And is not proposed anew.
    const again = { purchaseId: purchase.id, stripeWarningId: "issfr_2", fraudType: "misc", correlationId };
    expect(await proposeRefund(harness.dependencies, again)).toBeNull();
  });

  async function refundAll(purchase: TestPurchase): Promise<void> {
    await desk.dependencies.stripe.refunds.create(
      { charge: purchase.chargeId },
      { stripeAccount: purchase.accountId },
    );
    await deliver(purchase, "refund.created");
  }
  async function dispute(purchase: TestPurchase): Promise<void> {
    await harness.sandbox.admin.createDispute({ account: purchase.accountId, charge: purchase.chargeId });
    await deliver(purchase, "charge.dispute.created");
  }
  async function deliver({ accountId, chargeId }: TestPurchase, type: string): Promise<void> {
    for (const event of await desk.eventsOf(accountId)) {
      if (event.type !== type || !JSON.stringify(event.data.object).includes(chargeId)) continue;
      await desk.deliver(event);
      await desk.work();
    }
  }
});

describe("a click", () => {
  test("asks for all that is left, as fraud, and waits for another person's approval", async () => {
    const { purchase, proposalId } = await warned();
    // May approve what others ask for.
    const agent = await harness.operator("approver");
    const approver = await harness.operator("approver");
    const given = { proposalId, operatorId: agent.id, correlationId };
    const refund = await acceptProposal(harness.dependencies, given);
    expect(refund).toMatchObject({
      status: "awaiting_approval",
      amount: 4_900,
      reason: "fraudulent",
      requestedBy: { kind: "operator", id: agent.id },
    });
    expect(await proposalsOf(purchase)).toMatchObject([
      { status: "accepted", refundId: refund.id, closedBy: agent.id },
    ]);
    expect(await harness.stripeRefunds(purchase)).toEqual([]);
    expect(
      await codeOf(
        approveRefund(harness.dependencies, { refundId: refund.id, operatorId: agent.id, correlationId }),
      ),
    ).toBe("own_request");
    await approveRefund(harness.dependencies, {
      refundId: refund.id,
      operatorId: approver.id,
      correlationId,
    });
    await execute(harness, refund.id);
    expect(await harness.stripeRefunds(purchase)).toMatchObject([{ amount: 4_900, status: "succeeded" }]);
    // The next click shows what the first one asked for.
    expect(await acceptProposal(harness.dependencies, given)).toMatchObject({ id: refund.id });
    expect(await logOf(purchase)).toEqual([["refund_proposed"], ["proposal_accepted"]]);
  });

  test("of one person twice at once, and of two people, is one request", async () => {
    const { purchase, proposalId } = await warned();
    const people = [await harness.operator("agent"), await harness.operator("agent")];
    const clicks = [...people, ...people].map(({ id: operatorId }) =>
      acceptProposal(harness.dependencies, { proposalId, operatorId, correlationId }).catch(
        (error: unknown) => {
          // Whoever looks after it was accepted is told by whom.
          if (isRedressError(error) && error.code === "proposal_closed")
            return { id: error.details.refundId };
          throw error;
        },
      ),
    );
    const asked = new Set((await Promise.all(clicks)).map(({ id }) => id));
    const rows = await harness.dependencies.database
      .select()
      .from(refunds)
      .where(eq(refunds.purchaseId, purchase.id));
    expect(rows.map(({ id }) => id)).toEqual([...asked]);
    expect(await logOf(purchase)).toEqual([["refund_proposed"], ["proposal_accepted"]]);
  });

  test("that was cut off after asking is completed by the next one, whoever's it is", async () => {
    const { purchase, proposalId } = await warned();
    const [first, second] = [await harness.operator("agent"), await harness.operator("agent")];
    const refund = await acceptProposal(harness.dependencies, {
      proposalId,
      operatorId: first.id,
      correlationId,
    });
    const asIfCutOff = { status: "open", refundId: null, closedAt: null, closedBy: null } as const;
    await harness.dependencies.database
      .update(refundProposals)
      .set(asIfCutOff)
      .where(eq(refundProposals.id, proposalId));
    const given = { proposalId, operatorId: second.id, correlationId };
    expect(await acceptProposal(harness.dependencies, given)).toMatchObject({ id: refund.id });
    expect(await proposalsOf(purchase)).toMatchObject([{ status: "accepted", closedBy: first.id }]);
  });

  test("where an open request holds the rest is refused, and possible once that was rejected", async () => {
    const { purchase, proposalId } = await warned();
    const [agent, approver] = [await harness.operator("agent"), await harness.operator("approver")];
    const other = await requestRefund(harness.dependencies, {
      requester: { kind: "operator", id: agent.id },
      purchaseId: purchase.id,
      correlationId,
    });
    const open = () => countOpenProposals(harness.dependencies, { appIds: [app.id] });
    const held = await open();
    const given = { proposalId, operatorId: agent.id, correlationId };
    expect(await codeOf(acceptProposal(harness.dependencies, given))).toBe("amount_exceeds_remaining");
    expect(await proposalsOf(purchase)).toMatchObject([{ status: "open" }]);
    await rejectRefund(harness.dependencies, {
      refundId: other.id,
      operatorId: approver.id,
      note: "Used it",
      correlationId,
    });
    expect(await open()).toBe(held + 1);
    expect(await acceptProposal(harness.dependencies, given)).toMatchObject({ status: "awaiting_approval" });
  });

  test("on what was dismissed is refused; dismissing again changes nothing", async () => {
    const { purchase, proposalId } = await warned();
    const { id: operatorId } = await harness.operator("agent");
    const given = { proposalId, operatorId, correlationId };
    await dismissProposal(harness.dependencies, given);
    await dismissProposal(harness.dependencies, given);
    expect(await codeOf(acceptProposal(harness.dependencies, given))).toBe("proposal_closed");
    expect(await proposalsOf(purchase)).toMatchObject([{ status: "dismissed", closedBy: operatorId }]);
    expect(await logOf(purchase)).toEqual([["refund_proposed"], ["proposal_dismissed"]]);
    const none = { ...given, proposalId: "prp_none" };
    expect(await codeOf(dismissProposal(harness.dependencies, none))).toBe("proposal_not_found");
    await tell(purchase);
    expect(await proposalsOf(purchase)).toHaveLength(1);
  });
});
