import { createHash } from "node:crypto";
import type pg from "pg";

/** A text that was seen less often may have been put together for one occasion. */
const seenOften = 20;
/** Each connection keeps a plan of each: some ten kilobytes. */
const mostNames = 200;
/** A list of any length: there are as many texts as lengths. */
const list = /\bin \(\$\d+, \$\d+/;
/** Texts that are counted before they are seen often; beyond them, counting begins again. */
const mostCounted = 2_000;

const names = new Map<string, string>();
let counts = new Map<string, number>();

/**
 * Has a connection prepare the statements that come again and again: PostgreSQL parses and plans such a statement once
 * for a connection, which is two thirds of what a small one costs it. PostgreSQL itself goes on planning anew where
 * that pays (`plan_cache_mode = auto`).
 */
export function nameStatements(client: pg.ClientBase): void {
  const own: (...parameters: unknown[]) => unknown = client.query.bind(client);
  const query = (statement: unknown, values: unknown, ...rest: unknown[]) =>
    own(Array.isArray(values) && values.length > 0 ? named(statement) : statement, values, ...rest);
  Object.assign(client, { query });
}

function named(statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null) return statement;
  if (!("text" in statement) || typeof statement.text !== "string") return statement;
  if ("name" in statement && statement.name !== undefined) return statement;
  const name = nameOf(statement.text);
  return name === null ? statement : { ...statement, name };
}

function nameOf(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= mostNames || list.test(text)) return null;
  const count = (counts.get(text) ?? 0) + 1;
  if (count < seenOften) {
    if (counts.size >= mostCounted) counts = new Map();
    counts.set(text, count);
    return null;
  }
  counts.delete(text);
  const name = `redress_${createHash("sha256").update(text).digest("base64url").slice(0, 20)}`;
  names.set(text, name);
  return name;
}
