import type { Context } from "../context.ts";
import { badRequest } from "../errors.ts";

/** What a route or a field holds: one object of a type, a list of them, or a page of search results. */
export type Returns = string | { list: string } | { search: string };

/** How one field of one object type is expanded. */
export interface Expansion {
  /** The type that takes the field's place. */
  returns: Returns;
  /** Reads the object; null leaves the field as it is. Formats it as on the wire, unexpanded. */
  load: (ctx: Context, object: Readonly<Record<string, unknown>>) => object | null;
}

/** Object type → field → expansion, e.g. `{ refund: { charge: { returns: "charge", load } } }`. */
export type Expansions = Readonly<Record<string, Readonly<Record<string, Expansion>>>>;

const MAXIMUM_DEPTH = 4;

/**
 * Checks every path against the type graph, before anything is executed.
 * @throws SandboxError 400 for an unknown field or more than 4 levels
 */
export function checkExpand(
  paths: readonly string[],
  returns: Returns | undefined,
  expansions: Expansions,
): void {
  for (const path of paths) {
    const segments = path.split(".");
    if (segments.length > MAXIMUM_DEPTH) {
      throw badRequest(`You cannot expand more than ${MAXIMUM_DEPTH} levels of a property. (${path})`, {
        code: "property_expansion_max_depth",
        param: "expand",
      });
    }
    let type: Returns | undefined = returns;
    for (const segment of segments) {
      if (type === undefined) throw cannotExpand(path);
      if (typeof type !== "string") {
        // The route itself counts, when asked to: nothing lies below that.
        if (segment === "total_count" && "search" in type) type = undefined;
        else if (segment === "data") type = itemType(type);
        else throw cannotExpand(path);
        continue;
      }
      const expansion: Expansion | undefined = expansions[type]?.[segment];
      if (expansion === undefined) throw cannotExpand(path);
      type = expansion.returns;
    }
  }
}

function itemType(type: { list: string } | { search: string }): string {
  return "list" in type ? type.list : type.search;
}

function cannotExpand(path: string): Error {
  return badRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Answers a copy of the body with every path expanded. The paths must have passed {@link checkExpand}. */
export function expand(
  ctx: Context,
  body: object,
  paths: readonly string[],
  returns: Returns | undefined,
  expansions: Expansions,
): object {
  let result = body;
  for (const path of paths) result = expandPath(ctx, result, path.split("."), returns, expansions);
  return result;
}

function expandPath(
  ctx: Context,
  body: object,
  path: readonly string[],
  type: Returns | undefined,
  expansions: Expansions,
): object {
  const [segment, ...rest] = path;
  if (segment === undefined || type === undefined || !isObject(body)) return body;
  if (typeof type !== "string") {
    const data = body.data;
    if (segment !== "data" || !Array.isArray(data)) return body;
    const item = itemType(type);
    return {
      ...body,
      data: data.map((entry: unknown) =>
        isObject(entry) ? expandPath(ctx, entry, rest, item, expansions) : entry,
      ),
    };
  }
  const expansion = expansions[type]?.[segment];
  if (expansion === undefined) return body;
  const current = body[segment];
  const value = isObject(current) ? current : expansion.load(ctx, body);
  if (value === null) return body;
  return { ...body, [segment]: expandPath(ctx, value, rest, expansion.returns, expansions) };
}
