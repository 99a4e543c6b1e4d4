import type { DocumentedRoute } from "../openapi/document.ts";
import { everyRoute } from "./every-route.ts";

/** The routes of the REST interface, in the order of their paths. */
export async function documentedRoutes(): Promise<DocumentedRoute[]> {
  const routes = (await everyRoute()).flatMap(({ method, pattern, guard }) => {
    if (!pattern.startsWith("/api/v1/") || guard === undefined) return [];
    return [{ method, path: pattern.replaceAll(/\[(\w+)\]/g, "{$1}"), guard }];
  });
  const nameOf = ({ path, method }: DocumentedRoute) => `${path} ${method}`;
  return routes.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}
