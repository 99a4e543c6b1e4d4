import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { askDisputes } from "../refunds/read-dispute.ts";
import type { WindowHold } from "./hold-window.ts";
import type { DisputedCharge } from "./import-dispute.ts";
import type { ClaimedWindow, PageEnd } from "./import-windows.ts";
import { type ChargeFacts, readCharge } from "./read-charge.ts";

/** Stripe's largest page. */
const largestPage = 100;

/** A page of Stripe's list, with what is beside the charges. */
export interface ChargePage extends PageEnd {
  /** On the page. */
  readonly listed: number;
  /** Those that took money. */
  readonly charges: readonly ChargeFacts[];
  readonly refunds: readonly unknown[];
  readonly disputed: readonly DisputedCharge[];
  /** To Stripe. */
  readonly requests: number;
}

/**
 * The next page of a stretch, newest first, with the refunds and disputes of its charges.
 *
 * @param limit charges asked for, at most 100
 * @returns null when the stretch became somebody else's meanwhile
 * @throws what Stripe's SDK throws
 */
export async function fetchChargePage(
  dependencies: Pick<Dependencies, "stripe">,
  hold: WindowHold,
  limit = largestPage,
): Promise<ChargePage | null> {
  const { accountId, cursor } = hold.window;
  const list = await dependencies.stripe.charges.list(
    {
      limit: Math.min(limit, largestPage),
      expand: ["data.refunds"],
      ...createdWithin(hold.window),
      ...(cursor !== null && { starting_after: cursor }),
    },
    { stripeAccount: accountId },
  );
  const charges = list.data.map(readCharge).filter((facts) => facts !== null);
  const beside = await readBeside(dependencies, hold, list.data);
  if (beside === null) return null;
  const [first, last] = [list.data.at(0), list.data.at(-1)];
  return {
    ...beside,
    listed: list.data.length,
    charges,
    cursor: last?.id ?? cursor,
    span: first && last ? { oldest: dateOf(last), newest: dateOf(first) } : null,
    isLast: !list.has_more,
  };
}

const dateOf = ({ created }: Stripe.Charge) => new Date(created * 1_000);

function createdWithin({ soldFrom, soldUntil }: ClaimedWindow): Pick<Stripe.ChargeListParams, "created"> {
  if (soldFrom === null && soldUntil === null) return {};
  return {
    created: {
      ...(soldFrom && { gte: soldFrom.getTime() / 1_000 }),
      ...(soldUntil && { lt: soldUntil.getTime() / 1_000 }),
    },
  };
}

async function readBeside(
  dependencies: Pick<Dependencies, "stripe">,
  hold: WindowHold,
  charges: readonly Stripe.Charge[],
): Promise<Pick<ChargePage, "refunds" | "disputed" | "requests"> | null> {
  const { accountId } = hold.window;
  const refunds: unknown[] = [];
  const disputed: DisputedCharge[] = [];
  let requests = 1;
  for (const charge of charges) {
    if (!(await hold.keep())) return null;
    const all = await refundsOf(dependencies, accountId, charge);
    if (charge.refunds?.has_more) requests += Math.ceil(all.length / largestPage);
    refunds.push(...all);
    if (!charge.disputed) continue;
    requests += 1;
    const chargeId = charge.id;
    disputed.push({ chargeId, dispute: await askDisputes(dependencies, { accountId, chargeId }) });
  }
  return { refunds, disputed, requests };
}

/** Refunds that wait may not be in `amount_refunded` yet, so every charge brings its own list, of up to ten. */
async function refundsOf(
  { stripe }: Pick<Dependencies, "stripe">,
  accountId: string,
  charge: Stripe.Charge,
): Promise<Stripe.Refund[]> {
  if (!charge.refunds?.has_more) return charge.refunds?.data ?? [];
  const all: Stripe.Refund[] = [];
  const list = stripe.refunds.list({ charge: charge.id, limit: largestPage }, { stripeAccount: accountId });
  for await (const refund of list) all.push(refund);
  return all;
}
