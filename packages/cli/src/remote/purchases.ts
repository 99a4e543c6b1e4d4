import { formatMoney } from "@redress/core/money";
import { z } from "zod";
import { counted } from "../terminal.ts";
import { askDesk } from "./ask-desk.ts";
import { readConnection } from "./connection.ts";
import { readLimit, readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { type Purchase, printable, purchaseShape } from "./shapes.ts";

const next = "See npm run redress -- purchases --help.";
const option = { type: "string" } as const;

const foundPurchase = purchaseShape.extend({ unverified: z.boolean() });
const foundShape = z.looseObject({ purchases: z.array(foundPurchase), nextCursor: z.string().nullable() });
const oneShape = z.looseObject({
  purchase: purchaseShape.extend({
    refundsBlockedByDispute: z.boolean(),
    refunds: z.array(
      z.looseObject({ id: z.string(), amount: z.int(), currency: z.string(), status: z.string() }),
    ),
  }),
});

/** `purchases find <words>`. @throws UsageError */
export function findPurchases(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(
    words,
    { app: option, limit: option, cursor: option },
    ["what to search for, e.g. an e-mail address"],
    next,
  );
  const { app, cursor, url, json } = values;
  const query = { query: given[0], app, cursor, limit: readLimit(values.limit, next) };
  return async ({ terminal, environment }) => {
    const connection = await readConnection(url, environment);
    const answer = await askDesk(connection, { path: "/api/v1/purchases", query }, foundShape);
    print(terminal, json, answer, answer.purchases.map(foundLineOf));
    if (!json) {
      const more = answer.nextCursor === null ? "" : ` There is more: --cursor ${answer.nextCursor}`;
      terminal.err.write(`${counted(answer.purchases.length, "purchase")}.${more}\n`);
    }
    return 0;
  };
}

/** `purchases show <pur_…>`. @throws UsageError */
export function showPurchase(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, {}, ["the purchase, pur_…"], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const path = `/api/v1/purchases/${encodeURIComponent(given[0] ?? "")}`;
    const answer = await askDesk(connection, { path }, oneShape);
    const { purchase } = answer;
    print(terminal, values.json, answer, [
      lineOf(purchase),
      ...(purchase.refundsBlockedByDispute ? ["A dispute blocks refunds of it."] : []),
      ...purchase.refunds.map((one) => `  ${one.id}  ${formatMoney(one)}  ${one.status}`),
    ]);
    return 0;
  };
}

function foundLineOf(purchase: z.output<typeof foundPurchase>): string {
  return purchase.unverified ? `${lineOf(purchase)}  (by address or name only)` : lineOf(purchase);
}

function lineOf(purchase: Purchase): string {
  const { id, app, currency, amountCaptured, amountLeft, customerEmail, productName, purchasedAt } = purchase;
  const paid = formatMoney({ amount: amountCaptured, currency });
  const left = formatMoney({ amount: amountLeft, currency });
  const [day] = purchasedAt.split("T");
  return `${id}  ${day}  ${app.slug}  ${printable(customerEmail)}  ${printable(productName)}  ${paid}, ${left} left`;
}
