import { searchPurchases } from "@redress/core/purchases/search-purchases";
import { type Question, smallApps } from "./question.ts";
import type { Sample } from "./samples.ts";

type Search = (sample: Sample) => string;

function search(name: string, typed: Search, appIds: readonly string[] | "all" = "all"): Question {
  return {
    name,
    ask: async ({ database }, sample) => {
      const input = { appIds, query: typed(sample), limit: 50 };
      return (await searchPurchases({ database }, input)).purchases.length;
    },
  };
}

/** The same from the middle of all purchases on. */
function deep(name: string, typed: Search, appIds: readonly string[] | "all" = "all"): Question {
  return {
    name,
    ask: async ({ database, middle }, sample) => {
      const input = { appIds, query: typed(sample), cursor: middle.purchases, limit: 50 };
      return (await searchPurchases({ database }, input)).purchases.length;
    },
  };
}

const first = ({ name }: Sample) => name.split(" ")[0] ?? "";
const family = ({ name }: Sample) => name.split(" ")[1] ?? "";
const price = ({ amount }: Sample) => (amount / 100).toFixed(2);

/** Each kind of search for purchases, and their list. */
export const searches: readonly Question[] = [
  search("purchases, newest", () => ""),
  deep("purchases, a page in the middle", () => ""),
  search("purchases of a large app", () => "app:app-1"),
  search("purchases of a small app", () => "app:app-7"),
  deep("purchases of a small app, in the middle", () => "app:app-7"),
  search("purchases of three small apps", () => "", smallApps),
  deep("purchases of three small apps, in the middle", () => "", smallApps),
  search("e-mail address", ({ email }) => email),
  search("start of an e-mail address", ({ email }) => email.replace(/\d*@.*/, "")),
  search("e-mail address, a reader of three small apps", ({ email }) => email, smallApps),
  search("given name", first),
  deep("given name, in the middle", first),
  search("family name", family),
  deep("family name, in the middle", family),
  search("family name, a reader of three small apps", family, smallApps),
  search("both names", ({ name }) => name),
  search("charge", ({ charge }) => charge),
  search("payment intent", ({ intent }) => intent),
  search("customer of Stripe", ({ customer }) => customer),
  search("order number", ({ order }) => order),
  search("last four digits", ({ last4 }) => last4),
  deep("last four digits, in the middle", ({ last4 }) => last4),
  search("last four digits only", ({ last4 }) => `last4:${last4}`),
  search("amount", price),
  deep("amount, in the middle", price),
  search("amount in a currency", (sample) => `${price(sample)}gbp`),
  search(
    "range of amounts",
    ({ amount }) => `${Math.floor(amount / 100)}..${Math.ceil(amount / 100) + 20}eur`,
  ),
  search("day", ({ day }) => day),
  search("since a day", ({ day }) => `since:${day}`),
  search("name and amount", (sample) => `${first(sample)} ${price(sample)}`),
  search("last four digits, amount and day", (s) => `last4:${s.last4} ${price(s)} ${s.day}`),
  search("app, name and day", (s) => `app:app-1 ${first(s)} ${s.day}`),
  search("what is not there", ({ id }) => `nobody-${id.slice(4, 12)}`),
];
