import { z } from "zod";

/* What the commands read of the desk's answers; `--json` prints all of them. */

const text = z.string().nullable();
const appName = z.looseObject({ slug: z.string() });

export const refundShape = z.looseObject({
  id: z.string(),
  app: appName,
  purchaseId: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  requestedAt: z.string(),
  expiresAt: text,
  message: z.string(),
  statusUrl: z.string().optional(),
});
export type Refund = z.output<typeof refundShape>;

export const purchaseShape = z.looseObject({
  id: z.string(),
  app: appName,
  stripeChargeId: z.string(),
  amountCaptured: z.int(),
  amountLeft: z.int(),
  currency: z.string(),
  customerEmail: text,
  productName: text,
  purchasedAt: z.string(),
});
export type Purchase = z.output<typeof purchaseShape>;

const tallyShape = z.looseObject({
  count: z.int(),
  amounts: z.array(z.looseObject({ amount: z.int(), currency: z.string() })),
});
export type Tally = z.output<typeof tallyShape>;

export const bulkShape = z.looseObject({
  id: z.string(),
  app: appName,
  status: z.string(),
  requestedAt: z.string(),
  itemCount: z.int(),
  lines: z.record(z.string(), tallyShape),
  reasons: z.array(z.looseObject({ code: z.string(), count: z.int() })),
  refunds: z.array(tallyShape.extend({ status: z.string() })),
  pausedCode: text,
  approversNeeded: z.int(),
});
export type Bulk = z.output<typeof bulkShape>;

export const oneBulkShape = z.looseObject({ bulkRefund: bulkShape, repeated: z.literal(true).optional() });

export const policyShape = z.looseObject({
  policy: z.looseObject({ verdict: z.string(), why: text, amountLeft: z.int(), message: z.string() }),
});

export const ownKeyShape = z.looseObject({
  key: z.looseObject({
    id: z.string(),
    name: z.string(),
    expiresAt: z.string(),
    permissions: z.array(z.string()),
    apps: z.array(z.looseObject({ slug: z.string(), name: z.string(), isConnected: z.boolean() })),
  }),
  desk: z.looseObject({ version: z.string(), mode: z.string(), now: z.string() }),
});

/** What customers and others wrote may hold characters that steer a terminal. */
export function printable(written: string | null): string {
  return (written ?? "-").replaceAll(/\p{C}/gu, "�");
}
