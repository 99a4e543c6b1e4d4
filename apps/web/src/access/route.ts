import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import type { Permission } from "@redress/core/operators/permissions";
import { parseInput } from "@redress/core/parse-input";
import { z } from "zod";
import { errorResponse, jsonResponse } from "../http/error-response.ts";
import { readJson } from "../http/read-json.ts";
import { getRuntime } from "../runtime.ts";
import { guarded, type Handler } from "./guarded.ts";
import { requireOperator, type SignedIn } from "./operator.ts";
import { requireSameOrigin } from "./origin.ts";
import { authorize, type Owner, ownerKind } from "./owner.ts";
import { type Scope, scopeOf } from "./scope.ts";

interface Input<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

interface RouteContext<Params, Query, Body> extends Input<Params, Query, Body> {
  readonly dependencies: Dependencies;
  readonly operator: SignedIn;
  /** The apps in which the operator has this route's permission. */
  readonly scope: Scope;
  readonly correlationId: string;
  readonly headers: Headers;
}

const changing = (request: Request) => !["GET", "HEAD"].includes(request.method);

/**
 * A route handler for signed-in operators: denied unless the permission was granted for the data that
 * it touches. Input is parsed, errors have the one shape, changes must come from this desk's own pages.
 *
 * @param rule.permission what the operator needs
 * @param rule.owner whose data is touched
 * @param rule.status of a good answer; 200 unless told
 * @param rule.visited the address is opened in a browser: errors lead to a page instead of JSON
 * @param handle answers a `Response`, or what is to be sent as JSON
 */
export function route<Params = unknown, Query = unknown, Body = unknown>(
  rule: {
    permission: Permission;
    owner: Owner<Input<Params, Query, Body>>;
    params?: z.ZodType<Params>;
    query?: z.ZodType<Query>;
    body?: z.ZodType<Body>;
    status?: number;
    visited?: (code: string) => string;
  },
  handle: (context: RouteContext<Params, Query, Body>) => Promise<unknown>,
): Handler {
  const anything = z.custom<never>();
  const handler: Handler = async (request, { params }) => {
    const runtime = getRuntime();
    const { dependencies } = runtime;
    const correlationId = newId(dependencies.random, "correlation");
    try {
      if (changing(request)) requireSameOrigin(request.headers, dependencies.settings.publicUrl);
      const operator = await requireOperator(runtime, request.headers);
      const { searchParams } = new URL(request.url);
      const input = {
        params: parseInput<Params>(rule.params ?? anything, await params),
        query: parseInput<Query>(rule.query ?? anything, Object.fromEntries(searchParams)),
        body: parseInput<Body>(rule.body ?? anything, rule.body ? await readJson(request) : undefined),
      };
      await authorize(dependencies, operator.grants, rule, input);
      const scope = scopeOf(operator.grants, rule.permission);
      const { headers } = request;
      const answer = await handle({ ...input, dependencies, operator, scope, correlationId, headers });
      if (answer instanceof Response) return answer;
      return jsonResponse(answer ?? {}, { status: rule.status ?? 200, correlationId });
    } catch (error) {
      if (rule.visited && isRedressError(error)) {
        return redirectTo(dependencies, rule.visited(error.code));
      }
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "operator", permission: rule.permission, owner: ownerKind(rule.owner) });
}

/** An absolute redirect to one of our own pages, or to an absolute address of core's. */
export function redirectTo({ settings }: Pick<Dependencies, "settings">, location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { Location: new URL(location, settings.publicUrl).href, "Cache-Control": "no-store" },
  });
}

/**
 * A route that needs no signed-in operator.
 *
 * @param why the reason that this is safe; the test over all routes prints it
 * @param handle answers a `Response`, or what is to be sent as JSON
 */
export function publicRoute(
  why: string,
  handle: (context: {
    request: Request;
    dependencies: Dependencies;
    correlationId: string;
  }) => Promise<unknown>,
): Handler {
  const handler: Handler = async (request) => {
    const { dependencies } = getRuntime();
    const correlationId = newId(dependencies.random, "correlation");
    try {
      const answer = await handle({ request, dependencies, correlationId });
      return answer instanceof Response ? answer : jsonResponse(answer, { status: 200, correlationId });
    } catch (error) {
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "public", why });
}
