import type { Route } from "./route.ts";

export interface RouteMatch {
  route: Route;
  path: Record<string, string>;
}

/** Finds the route of a method and path; literal segments win over `:name` ones. */
export class Router {
  readonly #routes: { method: string; segments: string[]; route: Route }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes
      .map((route) => ({ method: route.method, segments: route.path.split("/").slice(1), route }))
      .sort((a, b) => rank(a.segments).localeCompare(rank(b.segments)));
  }

  match(method: string, path: string): RouteMatch | undefined {
    const given = path.replace(/\/$/, "").split("/").slice(1);
    for (const { method: wanted, segments, route } of this.#routes) {
      if (wanted !== method || segments.length !== given.length) continue;
      const named = matchSegments(segments, given);
      if (named !== undefined) return { route, path: named };
    }
    return undefined;
  }
}

/** Sorts literal segments before named ones, from the left. */
function rank(segments: readonly string[]): string {
  return segments.map((segment) => (segment.startsWith(":") ? "1" : "0")).join("");
}

function matchSegments(
  pattern: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  const named: Record<string, string> = {};
  for (const [at, segment] of pattern.entries()) {
    const value = given[at] ?? "";
    if (segment.startsWith(":")) {
      if (value === "") return undefined;
      named[segment.slice(1)] = decodeSegment(value);
    } else if (segment !== value) return undefined;
  }
  return named;
}

function decodeSegment(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
