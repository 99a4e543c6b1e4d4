import { apps } from "@redress/database";
import { and, eq, isNull, sql } from "drizzle-orm";
import type Stripe from "stripe";
import { systemActor } from "../actor.ts";
import { recordAudit } from "../audit/record.ts";
import { clearConnection } from "../connect/clear-connection.ts";
import { confirmNoAccess } from "../connect/confirm-access.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { takeInStripeRefund } from "../refunds/take-in-stripe-refund.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { spendShare } from "../stripe/request-share.ts";
import { type DisputedCharge, importDispute, readDisputedCharge } from "./import-dispute.ts";
import { type ChargeFacts, readCharge } from "./read-charge.ts";
import { takeInCharges } from "./take-in-charge.ts";

/** Stripe's largest page. */
const largestPage = 100;
const actor = systemActor("purchase_import");

/** The import of one connection, as far as it has come. */
interface Import {
  readonly appId: string;
  readonly accountId: string;
  readonly connectedAt: Date;
  /** The last charge of the page before; null at the start. */
  readonly cursor: string | null;
}

/**
 * Takes in one page of the charges of the app's account, newest first, with the refunds that they already
 * have. Goes on where the last call, or the last process, stopped; a page that is repeated changes nothing.
 *
 * @param input.limit charges asked of Stripe, at most 100
 * @returns `done` when no page is left, or there is nothing to import any more (the app was disconnected);
 *   `imported`: charges of this page that took money; `pauseMs`: how long to wait before the next page
 * @throws RedressError `stripe_unavailable`: to be repeated
 */
export async function importPurchasePage(
  dependencies: Dependencies,
  input: { appId: string; limit?: number },
): Promise<{ done: boolean; imported: number; pauseMs: number }> {
  const running = await readImport(dependencies, input.appId);
  if (running === null) return nothingLeft;
  let page: Page;
  try {
    page = await fetchPage(dependencies, running, Math.min(input.limit ?? largestPage, largestPage));
  } catch (error) {
    await giveUpOrRepeat(dependencies, running, error);
    return nothingLeft;
  }
  await dependencies.database.transaction((transaction) =>
    takeInCharges(dependencies, transaction, { ...running, charges: page.charges }),
  );
  const correlationId = newId(dependencies.random, "correlation");
  for (const disputed of page.disputed) {
    await importDispute(dependencies, { ...running, ...disputed, actor, correlationId });
  }
  for (const stripeRefund of page.refunds) {
    const { accountId } = running;
    await takeInStripeRefund(dependencies, { accountId, stripeRefund, source: "import", correlationId });
  }
  await advance(dependencies, running, page, correlationId);
  const pauseMs = await spendShare(dependencies, "import", page.requests);
  return { done: page.last, imported: page.charges.length, pauseMs };
}

const nothingLeft = { done: true, imported: 0, pauseMs: 0 };

async function readImport(dependencies: Dependencies, appId: string): Promise<Import | null> {
  const [app] = await dependencies.database.select().from(apps).where(eq(apps.id, appId));
  if (app?.importStatus !== "running" || !app.stripeAccountId || !app.connectedAt) return null;
  const { stripeAccountId: accountId, connectedAt, importCursor: cursor } = app;
  return { appId, accountId, connectedAt, cursor };
}

interface Page {
  readonly charges: readonly ChargeFacts[];
  readonly refunds: readonly unknown[];
  readonly disputed: readonly DisputedCharge[];
  readonly cursor: string | null;
  readonly last: boolean;
  /** To Stripe. */
  readonly requests: number;
}

async function fetchPage(dependencies: Dependencies, running: Import, limit: number): Promise<Page> {
  const { accountId, cursor } = running;
  const list = await dependencies.stripe.charges.list(
    { limit, expand: ["data.refunds"], ...(cursor !== null && { starting_after: cursor }) },
    { stripeAccount: accountId },
  );
  const charges = list.data.map(readCharge).filter((facts) => facts !== null);
  const refunds: unknown[] = [];
  const disputed: DisputedCharge[] = [];
  let requests = 1;
  for (const charge of list.data) {
    const all = await refundsOf(dependencies, accountId, charge);
    if (charge.refunds?.has_more) requests += Math.ceil(all.length / largestPage);
    refunds.push(...all);
    if (!charge.disputed) continue;
    requests += 1;
    disputed.push(await readDisputedCharge(dependencies, { accountId, chargeId: charge.id }));
  }
  return {
    charges,
    refunds,
    disputed,
    cursor: list.data.at(-1)?.id ?? cursor,
    last: !list.has_more,
    requests,
  };
}

/** Refunds that wait may not be in `amount_refunded` yet, so every charge brings its own list, of up to ten. */
async function refundsOf(
  dependencies: Dependencies,
  accountId: string,
  charge: Stripe.Charge,
): Promise<Stripe.Refund[]> {
  if (!charge.refunds?.has_more) return charge.refunds?.data ?? [];
  const all: Stripe.Refund[] = [];
  const list = dependencies.stripe.refunds.list(
    { charge: charge.id, limit: largestPage },
    { stripeAccount: accountId },
  );
  for await (const refund of list) all.push(refund);
  return all;
}

/** Moves the cursor if no other worker has: a page is counted once. */
async function advance(
  dependencies: Dependencies,
  running: Import,
  page: Page,
  correlationId: string,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const [moved] = await transaction
      .update(apps)
      .set({
        importCursor: page.cursor,
        importedCount: sql`${apps.importedCount} + ${page.charges.length}`,
        importStatus: page.last ? "done" : "running",
        updatedAt: dependencies.clock.now(),
      })
      .where(isSameImport(running))
      .returning({ count: apps.importedCount });
    if (moved === undefined || !page.last) return;
    await recordAudit(dependencies, transaction, {
      actor,
      action: "purchases_imported",
      correlationId,
      appId: running.appId,
      details: { stripeAccountId: running.accountId, count: moved.count },
    });
  });
}

function isSameImport({ appId, accountId, connectedAt, cursor }: Import) {
  return and(
    eq(apps.id, appId),
    eq(apps.stripeAccountId, accountId),
    eq(apps.connectedAt, connectedAt),
    eq(apps.importStatus, "running"),
    cursor === null ? isNull(apps.importCursor) : eq(apps.importCursor, cursor),
  );
}

/** Refused for good: the reason is shown with the app. Anything else is for another time. */
async function giveUpOrRepeat(dependencies: Dependencies, running: Import, error: unknown): Promise<void> {
  const outcome = classifyStripeError(error);
  const { accountId, connectedAt, appId } = running;
  const lost =
    outcome.kind === "no_access" && (await confirmNoAccess(dependencies, { accountId })) === "lost";
  if (!lost && outcome.kind !== "refused") {
    throw new RedressError(
      "stripe_unavailable",
      "Stripe did not answer while charges were imported. The import goes on by itself.",
      { cause: error },
    );
  }
  await dependencies.database.transaction(async (transaction) => {
    await transaction
      .update(apps)
      .set({ importStatus: "failed", importError: outcome.message, updatedAt: dependencies.clock.now() })
      .where(isSameImport(running));
    if (!lost) return;
    const correlationId = newId(dependencies.random, "correlation");
    const reason = "access_lost";
    await clearConnection(dependencies, transaction, {
      accountId,
      connectedAt,
      reason,
      actor,
      correlationId,
    });
  });
  dependencies.logger.warn(
    { appId, stripeCode: outcome.stripeCode },
    "Stripe refused the import of charges.",
  );
}
