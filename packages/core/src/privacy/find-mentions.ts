import type { Queryable } from "@redress/database";
import { sql } from "drizzle-orm";

/** Rows of a column that name somebody. */
export interface Mention {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

/** A name of two letters would be found everywhere. */
const shortest = 4;
/**
 * A word is looked for as a whole: neither `ann` in `annual` nor `ann@example.com` in `jo.ann@example.com`. What an
 * address (`%3A`) or JSON (`\n`) writes for a sign is an edge, too.
 */
const before = String.raw`(^|[^[:alnum:]._%+-]|%[0-9a-f]{2}|\\[bfnrt]|\\u[0-9a-f]{4})`;
const after = "($|[^[:alnum:].-]|[.-]($|[^[:alnum:]]))";

/** The pattern (PostgreSQL, `~*`) of a text that has one of these words. */
export function mentionPattern(words: readonly string[]): string {
  return `${before}(${words.flatMap(spellings).map(escaped).join("|")})${after}`;
}

/**
 * Looks through every text and JSON column of the desk's tables: nothing has to be kept in step with the schema, and what a
 * person wrote into a field for something else is found as well. Reads everything; for a command, not for a page.
 *
 * @param words in lower case
 */
export async function findMentions(database: Queryable, words: readonly string[]): Promise<Mention[]> {
  const long = words.filter(({ length }) => length >= shortest);
  if (long.length === 0) return [];
  const pattern = mentionPattern(long);
  const { rows: columns } = await database.execute<{ table: string; column: string }>(sql`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and (c.data_type in ('text', 'character varying', 'jsonb', 'json') or c.udt_name = '_text')
    order by 1, 2`);
  const mentions: Mention[] = [];
  for (const { table, column } of columns) {
    const { rows } = await database.execute<{ count: string }>(sql`
      select count(*) from ${sql.identifier(table)}
      where ${sql.identifier(column)}::text ~* ${pattern}`);
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) mentions.push({ table, column, rows: count });
  }
  return mentions;
}

/** As written, and as an address (`a%40b`) or JSON writes it. */
function spellings(word: string): string[] {
  const ascii = JSON.stringify(word)
    .slice(1, -1)
    .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const inForm = new URLSearchParams({ q: word }).toString().slice(2).toLowerCase();
  return [...new Set([word, encodeURIComponent(word).toLowerCase(), inForm, ascii])];
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
