import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import type { Permission } from "@redress/core/operators/permissions";
import { z } from "zod";
import { errorResponse, jsonResponse } from "../http/error-response.ts";
import { readJson } from "../http/read-json.ts";
import { getRuntime } from "../runtime.ts";
import { guarded, type Handler } from "./guarded.ts";
import { requireOperator, type SignedIn } from "./operator.ts";
import { requireSameOrigin } from "./origin.ts";
import { authorize, type Owner } from "./owner.ts";
import { type Scope, scopeOf } from "./scope.ts";

const nothing = z.unknown();

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

/**
 * A route handler for signed-in operators: denied unless the permission was granted for the data that
 * it touches. Input is parsed, errors have the one shape, changes must come from this desk's own pages.
 *
 * @param rule.permission what the operator needs
 * @param rule.owner whose data is touched
 * @param rule.status of a good answer; 200 unless told
 * @param handle answers a `Response`, or what is to be sent as JSON
 */
export function route<
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = typeof nothing,
>(
  rule: {
    permission: Permission;
    owner: Owner<Input<z.output<Params>, z.output<Query>, z.output<Body>>>;
    params?: Params;
    query?: Query;
    body?: Body;
    status?: number;
  },
  handle: (context: RouteContext<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>,
): Handler {
  const handler: Handler = async (request, { params }) => {
    const runtime = getRuntime();
    const { dependencies } = runtime;
    const correlationId = newId(dependencies.random, "correlation");
    try {
      const changes = !["GET", "HEAD"].includes(request.method);
      if (changes) requireSameOrigin(request.headers, dependencies.settings.publicUrl);
      const operator = await requireOperator(runtime, request.headers);
      const url = new URL(request.url);
      const input = {
        params: (rule.params ?? nothing).parse(await params),
        query: (rule.query ?? nothing).parse(Object.fromEntries(url.searchParams)),
        body: (rule.body ?? nothing).parse(changes && rule.body ? await readJson(request) : undefined),
      } as Input<z.output<Params>, z.output<Query>, z.output<Body>>;
      await authorize(dependencies, operator.grants, rule, input);
      const scope = scopeOf(operator.grants, rule.permission);
      const { headers } = request;
      const answer = await handle({ ...input, dependencies, operator, scope, correlationId, headers });
      if (answer instanceof Response) return answer;
      return jsonResponse(answer ?? {}, { status: rule.status ?? 200, correlationId });
    } catch (error) {
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
  return guarded(handler, { kind: "operator", permission: rule.permission, owner: rule.owner.kind });
}

/**
 * A route that needs no signed-in operator.
 *
 * @param why the reason that this is safe; the test over all routes prints it
 */
export function publicRoute(why: string, handle: (request: Request) => Promise<Response>): Handler {
  return guarded((request) => handle(request), { kind: "public", why });
}
