import { badRequest } from "../../errors.ts";

export type Comparison = ":" | "~" | ">" | "<" | ">=" | "<=";

/** `-metadata["order"]:"77"` → { field: "metadata", key: "order", comparison: ":", value: "77", negated: true } */
export interface Clause {
  field: string;
  key: string | null;
  comparison: Comparison;
  /** null is the literal `null`: the field is not set. */
  value: string | null;
  negated: boolean;
}

export interface SearchQuery {
  clauses: Clause[];
  /** All of them must match, or any. Stripe does not mix the two. */
  joined: "and" | "or";
}

const maximumClauses = 10;

const clausePattern =
  /\s*(-?)([a-z_][a-z0-9_.]*)(?:\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\])?\s*(>=|<=|[:~><])\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))/iy;
const joinPattern = /\s+(?:(AND|OR)\s+)?/iy;

/**
 * Reads Stripe's search language: clauses joined by AND (or a blank) or by OR, never both.
 * @throws SandboxError 400 when it cannot be read
 */
export function parseSearchQuery(query: string): SearchQuery {
  const text = query.trim();
  const clauses: Clause[] = [];
  const joins = new Set<"and" | "or">();
  let at = 0;
  while (at < text.length) {
    const { clause, end } = readClause(text, at);
    clauses.push(clause);
    at = end;
    if (at === text.length) break;
    joinPattern.lastIndex = at;
    const join = joinPattern.exec(text);
    if (!join) throw unreadable(text);
    joins.add(join[1]?.toLowerCase() === "or" ? "or" : "and");
    at = joinPattern.lastIndex;
    if (at === text.length) throw unreadable(text);
  }
  if (clauses.length === 0) throw unreadable(text);
  if (joins.size > 1) throw badRequest("A search query cannot mix AND and OR.", { param: "query" });
  if (clauses.length > maximumClauses) {
    throw badRequest(`A search query can have up to ${maximumClauses} clauses.`, { param: "query" });
  }
  return { clauses, joined: joins.has("or") ? "or" : "and" };
}

function readClause(text: string, at: number): { clause: Clause; end: number } {
  clausePattern.lastIndex = at;
  const match = clausePattern.exec(text);
  const comparison = comparisons.find((known) => known === match?.[5]);
  if (!match || !comparison) throw unreadable(text);
  const [, minus, field = "", doubleKey, singleKey, , doubleValue, singleValue, bare] = match;
  const quoted = doubleValue ?? singleValue;
  const value = quoted === undefined ? (bare ?? "") : unquote(quoted);
  const key = doubleKey ?? singleKey;
  return {
    clause: {
      field: field.toLowerCase(),
      key: key === undefined ? null : unquote(key),
      comparison,
      value: quoted === undefined && value === "null" ? null : value,
      negated: minus === "-",
    },
    end: clausePattern.lastIndex,
  };
}

const comparisons: readonly Comparison[] = [":", "~", ">", "<", ">=", "<="];

function unquote(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function unreadable(query: string) {
  return badRequest(
    `We were unable to parse your search query (${query.slice(0, 100)}). Try using the format \`metadata["key"]:"value"\` to query for metadata or key:"value" to query for other fields.`,
    { param: "query" },
  );
}
