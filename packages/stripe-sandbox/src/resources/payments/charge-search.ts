import type Stripe from "stripe";
import type { Context } from "../../context.ts";
import { badRequest } from "../../errors.ts";
import { charges } from "../collections.ts";
import { type Charge, formatCharge, isFullyRefunded } from "./charge.ts";
import { type Clause, parseSearchQuery } from "./search-query.ts";
import { testPaymentMethod } from "./test-payment-methods.ts";

type Field = { kind: "text" | "number"; of: (charge: Charge) => string | number | null };

function text(of: Field["of"]): Field {
  return { kind: "text", of };
}

function number(of: Field["of"]): Field {
  return { kind: "number", of };
}

function cardField(of: (card: ReturnType<typeof testPaymentMethod>) => string): Field {
  return text(({ method }) => {
    const details = testPaymentMethod(method);
    return details.type === "card" ? of(details) : null;
  });
}

/** Stripe: query fields for charges. */
const fields: Record<string, Field> = {
  amount: number((charge) => charge.amount),
  "billing_details.address.postal_code": text(() => null),
  created: number((charge) => charge.created),
  currency: text((charge) => charge.currency),
  customer: text((charge) => charge.customer),
  disputed: text((charge) => String(charge.dispute !== null)),
  "payment_method_details.card.brand": cardField((card) => card.brand),
  "payment_method_details.card.exp_month": number(() => 12),
  "payment_method_details.card.exp_year": number(() => 2034),
  "payment_method_details.card.fingerprint": cardField((card) => `fp_${card.brand}_${card.last4}`),
  "payment_method_details.card.last4": cardField((card) => card.last4),
  refunded: text((charge) => String(isFullyRefunded(charge))),
  status: text((charge) => charge.status),
};

/** A search page; `next_page` is the text to pass as `page`. */
type SearchPage = Pick<
  Stripe.ApiSearchResult<Stripe.Charge>,
  "data" | "has_more" | "next_page" | "object" | "total_count" | "url"
>;

/**
 * `GET /v1/charges/search`, newest first; `counted` adds how many match in all.
 * @throws SandboxError 400 for a query that cannot be read, or an unknown field or page
 */
export function searchCharges(
  ctx: Context,
  {
    counted,
    query,
    limit = 10,
    page,
  }: { counted: boolean; query: string; limit?: number | undefined; page?: string | undefined },
): SearchPage {
  const { clauses, joined } = parseSearchQuery(query);
  const tests = clauses.map(compile);
  const matches = (charge: Charge) =>
    joined === "and" ? tests.every((test) => test(charge)) : tests.some((test) => test(charge));
  const size = Math.min(Math.max(limit, 1), 100);
  const found: Charge[] = [];
  for (const charge of ctx.collection(charges).walk({ from: readPage(ctx, page) })) {
    if (matches(charge)) found.push(charge);
    if (found.length > size) break;
  }
  const data = found.slice(0, size);
  const last = data.at(-1);
  const more = found.length > size && last !== undefined;
  return {
    object: "search_result",
    data: data.map(formatCharge),
    has_more: more,
    next_page: more ? Buffer.from(last.id).toString("base64url") : null,
    ...(counted ? { total_count: ctx.collection(charges).all().filter(matches).length } : {}),
    url: "/v1/charges/search",
  };
}

function readPage(ctx: Context, page: string | undefined): string | undefined {
  if (page === undefined) return undefined;
  const id = Buffer.from(page, "base64url").toString();
  if (!ctx.collection(charges).get(id)) {
    throw badRequest("Invalid page. Pass the next_page of an earlier search with the same query.", {
      param: "page",
    });
  }
  return id;
}

function compile(clause: Clause): (charge: Charge) => boolean {
  const test = compileValue(clause);
  return (charge) => test(charge) !== clause.negated;
}

function compileValue(clause: Clause): (charge: Charge) => boolean {
  const { field: name, key, comparison, value } = clause;
  const field =
    name === "metadata" && key !== null ? text(({ metadata }) => metadata[key] ?? null) : fields[name];
  if (!field || (key !== null && name !== "metadata")) {
    throw badRequest(`Field \`${name}\` is an unsupported search field for resource \`charges\`.`, {
      param: "query",
    });
  }
  if (value === null) {
    if (comparison !== ":") throw unsupported(clause);
    return (charge) => field.of(charge) === null;
  }
  if (field.kind === "number") return compileNumber(clause, field, value);
  const wanted = value.toLowerCase();
  if (comparison === ":") return (charge) => field.of(charge)?.toString().toLowerCase() === wanted;
  if (comparison === "~" && name === "metadata" && wanted.length >= 3) {
    return (charge) => field.of(charge)?.toString().toLowerCase().includes(wanted) ?? false;
  }
  throw unsupported(clause);
}

function compileNumber(clause: Clause, field: Field, value: string): (charge: Charge) => boolean {
  const wanted = Number(value);
  if (!Number.isFinite(wanted) || clause.comparison === "~") throw unsupported(clause);
  return (charge) => {
    const is = Number(field.of(charge));
    switch (clause.comparison) {
      case ">":
        return is > wanted;
      case "<":
        return is < wanted;
      case ">=":
        return is >= wanted;
      case "<=":
        return is <= wanted;
      default:
        return is === wanted;
    }
  };
}

function unsupported({ field, comparison, value }: Clause) {
  return badRequest(`The search clause ${field}${comparison}${value ?? "null"} is not supported.`, {
    param: "query",
  });
}
