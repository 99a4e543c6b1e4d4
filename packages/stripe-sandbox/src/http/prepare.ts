import { badRequest } from "../errors.ts";
import { checkExpand, type Expansions, type Returns } from "./expand.ts";
import type { FormHash } from "./form-decoding.ts";
import type { PreparedCall } from "./route.ts";
import type { RouteMatch } from "./router.ts";

export interface PreparedRequest {
  call: PreparedCall;
  /** Checked paths to expand in the answer. */
  expand: readonly string[];
  returns: Returns | undefined;
}

function expandPaths(value: FormHash[string] | undefined): string[] {
  if (value === undefined) return [];
  const paths = Array.isArray(value) ? value : [value];
  return paths.map((path) => {
    if (typeof path !== "string") throw badRequest("Invalid array of strings", { param: "expand" });
    return path;
  });
}

/**
 * Everything that can be said about a request without looking at any state.
 * @throws SandboxError 400; never stored under the request's key
 */
export function prepareRequest(match: RouteMatch, form: FormHash, expansions: Expansions): PreparedRequest {
  const { expand: wanted, ...params } = form;
  const expand = expandPaths(wanted);
  const { returns } = match.route;
  const call = match.route.prepare(params, match.path);
  checkExpand(expand, returns, expansions);
  return { call, expand, returns };
}
