import { isRedressError } from "@redress/core/errors";
import { isStorable } from "@redress/core/parse-input";
import type { z } from "zod";

/** As Next hands them to a page: a name given twice is a list. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/**
 * The state of a page that stands in its address. Give the schema a `catch` for each field: an address
 * that somebody has edited shows the page, not an error.
 */
export async function readSearch<Output>(params: SearchParams, schema: z.ZodType<Output>): Promise<Output> {
  const given = Object.entries(await params).flatMap(([name, value]) => {
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined || !isStorable(first) ? [] : [[name, first]];
  });
  return schema.parse(Object.fromEntries(given));
}

/** Reads a list from the cursor in the address, or from its start where the list gave out no such cursor. */
export async function readFrom<Part>(
  cursor: string | undefined,
  read: (from: { cursor?: string }) => Promise<Part>,
): Promise<Part> {
  if (!cursor) return read({});
  try {
    return await read({ cursor });
  } catch (error) {
    if (isRedressError(error) && error.code === "invalid_input") return read({});
    throw error;
  }
}

/** A path with those parameters that have a value. */
export function withSearch(path: string, params: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) search.set(name, value);
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
