import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

const orderSchema = z.object({
  chargeId: z.string(),
  paymentIntentId: z.string().nullable(),
  orderNumber: z.string(),
  email: z.string(),
  name: z.string(),
  course: z.string(),
  amount: z.int(),
  currency: z.string(),
  boughtAt: z.string(),
  access: z.boolean(),
  /** Why access is as it is, for the customer's page. */
  accessReason: z.string().nullable(),
  /** The highest `sequence` of Redress's messages about this order. */
  sequence: z.int(),
  /** Whether Redress has been told what this order is about. */
  reported: z.boolean(),
});

export type Order = z.infer<typeof orderSchema>;

/** The shop's orders, kept in memory and, when a file is given, in that file. */
export interface Orders {
  all(): readonly Order[];
  ofCustomer(email: string): readonly Order[];
  byCharge(chargeId: string): Order | undefined;
  add(orders: readonly Order[]): Promise<void>;
  change(chargeId: string, change: Partial<Order>): Promise<Order | undefined>;
}

export async function openOrders(file?: string): Promise<Orders> {
  const orders = new Map<string, Order>((await read(file)).map((order) => [order.chargeId, order]));
  let writing = Promise.resolve();

  // Answering "done" promises that the change outlives a crash: written and renamed before we return.
  function save(): Promise<void> {
    if (file === undefined) return Promise.resolve();
    writing = writing.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify([...orders.values()], null, 1));
      await rename(`${file}.new`, file);
    });
    return writing;
  }

  const newestFirst = (list: Iterable<Order>) =>
    [...list].sort((a, b) => b.boughtAt.localeCompare(a.boughtAt));

  return {
    all: () => newestFirst(orders.values()),
    ofCustomer: (email) =>
      newestFirst([...orders.values()].filter((order) => order.email === email.toLowerCase())),
    byCharge: (chargeId) => orders.get(chargeId),
    async add(added) {
      for (const order of added) {
        if (!orders.has(order.chargeId))
          orders.set(order.chargeId, { ...order, email: order.email.toLowerCase() });
      }
      await save();
    },
    async change(chargeId, change) {
      const order = orders.get(chargeId);
      if (order === undefined) return undefined;
      const changed = { ...order, ...change };
      orders.set(chargeId, changed);
      await save();
      return changed;
    },
  };
}

async function read(file: string | undefined): Promise<Order[]> {
  if (file === undefined) return [];
  await mkdir(dirname(file), { recursive: true });
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  return z.array(orderSchema).parse(JSON.parse(text));
}
