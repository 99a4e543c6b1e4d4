import type { Grants, Requester } from "@redress/core/actor";
import { noteOperatorRefusal } from "@redress/core/audit/note-operator-refusal";
import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { newId } from "@redress/core/ids";
import { actAsAgent } from "@redress/core/keys/act-as-agent";
import { authorize, type Owner, ownerKind, requireReach } from "@redress/core/operators/authorize";
import type { Permission } from "@redress/core/operators/permissions";
import { parseInput } from "@redress/core/parse-input";
import type { AgentPermission } from "@redress/database";
import { z } from "zod";
import { errorResponse, jsonResponse } from "../http/error-response.ts";
import { readJson } from "../http/read-json.ts";
import { getRuntime, type WebRuntime } from "../runtime.ts";
import { readAgent, refuseAgents, requesterOf, sendsKey } from "./agent.ts";
import { bindOrigin } from "./bind-origin.ts";
import { type Accepted, guarded, type Handler } from "./guarded.ts";
import { requireOperator, type SignedIn } from "./operator.ts";
import { requireSameOrigin } from "./origin.ts";
import { type Scope, scopeOf } from "./scope.ts";

interface Input<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

interface Context<Params, Query, Body> extends Input<Params, Query, Body> {
  readonly dependencies: Dependencies;
  /** The apps in which the caller has this route's permission. */
  readonly scope: Scope;
  readonly correlationId: string;
  readonly headers: Headers;
  /** The caller has gone. */
  readonly signal: AbortSignal;
}

interface Rule<Params, Query, Body, Needed extends Permission = Permission> {
  permission: Needed;
  owner: Owner<Input<Params, Query, Body>>;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** In bytes, where a body may be longer than usual. */
  bodyLimit?: number;
  status?: number;
  visited?: (code: string) => string;
}

interface Call {
  readonly request: Request;
  readonly runtime: WebRuntime;
  readonly dependencies: Dependencies;
  readonly correlationId: string;
}

const changing = (request: Request) => !["GET", "HEAD"].includes(request.method);

/**
 * A route handler for signed-in operators: denied unless the permission was granted for the data that
 * it touches. Input is parsed, errors have the one shape, changes must come from this desk's own pages. An
 * agent's key is refused here, whatever its owner may do.
 *
 * @param rule.permission what the operator needs
 * @param rule.owner whose data is touched
 * @param rule.status of a good answer; 200 unless told
 * @param rule.visited the address is opened in a browser: errors lead to a page instead of JSON
 * @param handle answers a `Response`, or what is to be sent as JSON
 */
export function route<Params = unknown, Query = unknown, Body = unknown>(
  rule: Rule<Params, Query, Body>,
  handle: (context: Context<Params, Query, Body> & { operator: SignedIn }) => Promise<unknown>,
): Handler {
  const handler = answering(rule, async (call, readInput) => {
    await refuseAgents(call, rule.permission);
    const operator = await signedIn(call);
    return notingRefusal(call, rule, operator, async () => {
      requireReach(operator.grants, rule);
      const input = await readInput();
      await authorize(call.dependencies, operator.grants, rule, input);
      return handle({ ...contextOf(call, rule, operator.grants, input), operator });
    });
  });
  return guarded(handler, {
    kind: "operator",
    permission: rule.permission,
    owner: ownerKind(rule.owner),
    accepted: acceptedBy(rule),
  });
}

/**
 * A route handler for signed-in operators and for agents with a key (`Authorization: Bearer …`), guarded like
 * `route`. Only what agents may ever do can be declared here: the type knows no other permission.
 */
export function callerRoute<Params = unknown, Query = unknown, Body = unknown>(
  rule: Rule<Params, Query, Body, AgentPermission>,
  handle: (context: Context<Params, Query, Body> & { requester: Requester }) => Promise<unknown>,
): Handler {
  const handler = answering(rule, async (call, readInput) => {
    const agent = await readAgent(call);
    if (agent !== null) {
      const input = await readInput();
      const { dependencies, correlationId } = call;
      return actAsAgent(dependencies, agent, rule, { input, correlationId }, () =>
        handle({ ...contextOf(call, rule, agent, input), requester: requesterOf(agent) }),
      );
    }
    const operator = await signedIn(call);
    return notingRefusal(call, rule, operator, async () => {
      requireReach(operator.grants, rule);
      const input = await readInput();
      await authorize(call.dependencies, operator.grants, rule, input);
      const requester = { kind: "operator", id: operator.id } as const;
      return handle({ ...contextOf(call, rule, operator.grants, input), requester });
    });
  });
  return guarded(handler, {
    kind: "caller",
    permission: rule.permission,
    owner: ownerKind(rule.owner),
    accepted: acceptedBy(rule),
  });
}

function acceptedBy<Params, Query, Body>(rule: Omit<Rule<Params, Query, Body>, "permission">): Accepted {
  const { params, query, body, status = 200 } = rule;
  return { params, query, body, status };
}

/** Runs what a person asked for; a change that was refused them is written into the audit log. */
async function notingRefusal<Answer>(
  { request, dependencies, correlationId }: Call,
  { permission }: { permission: Permission },
  operator: SignedIn,
  act: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (changing(request)) {
      const operatorId = operator.id;
      await noteOperatorRefusal(dependencies, { operatorId, permission, error, correlationId });
    }
    throw error;
  }
}

type ReadInput<Params, Query, Body> = () => Promise<Input<Params, Query, Body>>;

function answering<Params, Query, Body>(
  rule: Rule<Params, Query, Body>,
  answer: (call: Call, readInput: ReadInput<Params, Query, Body>) => Promise<unknown>,
): Handler {
  const anything = z.custom<never>();
  return async (request, { params }) => {
    const runtime = getRuntime();
    const correlationId = newId(runtime.dependencies.random, "correlation");
    let { dependencies } = runtime;
    try {
      // Keys are refused, and that is written down, whatever the method.
      const leavesTraces = changing(request) || sendsKey(request);
      if (leavesTraces) dependencies = await bindOrigin(dependencies, request.headers);
      const answered = await answer({ request, runtime, dependencies, correlationId }, async () => ({
        params: parseInput<Params>(rule.params ?? anything, await params),
        query: parseInput<Query>(
          rule.query ?? anything,
          Object.fromEntries(new URL(request.url).searchParams),
        ),
        body: parseInput<Body>(
          rule.body ?? anything,
          rule.body ? await readJson(request, rule.bodyLimit) : undefined,
        ),
      }));
      if (answered instanceof Response) return answered;
      return jsonResponse(answered ?? {}, { status: rule.status ?? 200, correlationId });
    } catch (error) {
      if (rule.visited && isRedressError(error) && !sendsKey(request)) {
        return redirectTo(dependencies, rule.visited(error.code));
      }
      return errorResponse(error, { logger: dependencies.logger, correlationId });
    }
  };
}

/** @throws RedressError permission_denied, sign_in_required */
async function signedIn({ request, runtime, dependencies }: Call): Promise<SignedIn> {
  if (changing(request)) requireSameOrigin(request.headers, dependencies.settings.publicUrl);
  return requireOperator(runtime, request.headers);
}

function contextOf<Params, Query, Body>(
  { request, dependencies, correlationId }: Call,
  { permission }: { permission: Permission },
  grants: Grants,
  input: Input<Params, Query, Body>,
): Context<Params, Query, Body> {
  const scope = scopeOf(grants, permission);
  const { headers, signal } = request;
  return { ...input, dependencies, scope, correlationId, headers, signal };
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
