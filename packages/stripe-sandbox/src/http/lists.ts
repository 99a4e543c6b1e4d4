import type { Context } from "../context.ts";
import { badRequest, noSuch } from "../errors.ts";
import type { CollectionKind, StoredRecord } from "../store/collection.ts";
import type { CreatedRange } from "./params.ts";

/** A page in Stripe's shape; assignable to `Stripe.ApiList<T>`. */
export interface ListPage<T> {
  object: "list";
  data: T[];
  has_more: boolean;
  url: string;
}

/** The parsed {@link listParams}. */
export interface ListQuery {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: CreatedRange | undefined;
}

export interface ListOptions<R, T, I extends string> {
  url: string;
  /** As in "No such charge: …", for an unknown cursor. */
  noun: string;
  format: (record: R) => T;
  index?: { name: I; value: string } | undefined;
  filter?: ((record: R) => boolean) | undefined;
}

const DEFAULT_LIMIT = 10;
const MAXIMUM_LIMIT = 100;

function within(created: number, range: CreatedRange | undefined): boolean {
  if (range === undefined) return true;
  const { gt, gte, lt, lte } = range;
  return (
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte)
  );
}

/**
 * One page, newest first, with cursors, the `created` range, an index and a filter. A limit out of range
 * is clamped. Source: contract section 6.
 * @throws SandboxError 400 when both cursors are given, or the cursor's object does not exist
 */
export function listPage<R extends StoredRecord, T, I extends string>(
  ctx: Context,
  kind: CollectionKind<R, I>,
  query: ListQuery,
  options: ListOptions<R, T, I>,
): ListPage<T> {
  const collection = ctx.collection(kind);
  const { starting_after: after, ending_before: before } = query;
  if (after !== undefined && before !== undefined) {
    throw badRequest("You cannot parameterize both starting_after and ending_before.");
  }
  const cursor = after ?? before;
  if (cursor !== undefined && collection.get(cursor) === undefined) {
    const param = after === undefined ? "ending_before" : "starting_after";
    const missing = noSuch(options.noun, cursor, param);
    throw badRequest(missing.message, { code: "resource_missing", param });
  }
  const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAXIMUM_LIMIT);
  const direction = before === undefined ? "older" : "newer";
  const found: R[] = [];
  for (const record of collection.walk({ index: options.index, from: cursor, direction })) {
    if (passed(record.created, query.created, direction)) break;
    if (!within(record.created, query.created) || options.filter?.(record) === false) continue;
    found.push(record);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  if (direction === "newer") page.reverse();
  return { object: "list", data: page.map(options.format), has_more: found.length > limit, url: options.url };
}

/** Nothing further on in this direction can lie in the range. */
function passed(created: number, range: CreatedRange | undefined, direction: "older" | "newer"): boolean {
  if (range === undefined) return false;
  const low = Math.max(range.gte ?? 0, range.gt ?? 0);
  const high = Math.min(range.lte ?? Number.POSITIVE_INFINITY, range.lt ?? Number.POSITIVE_INFINITY);
  return direction === "older" ? created < low : created > high;
}
