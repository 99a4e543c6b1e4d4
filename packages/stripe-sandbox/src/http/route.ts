import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Returns } from "./expand.ts";
import type { FormValue } from "./params.ts";
import { parseParams } from "./parse-params.ts";

/** `"/v1/refunds/:id/cancel"` → `{ id: string }`. */
export type PathParams<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & PathParams<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : Record<never, string>;

export interface RouteDefinition<P extends string, S extends z.ZodType> {
  method: "GET" | "POST" | "DELETE";
  /** Literal segments and `:name` segments. A literal segment wins over a `:name` one. */
  path: P;
  /** A `z.strictObject` built from `form.*`; `expand` is accepted on every route and not part of it. */
  params: S;
  /** The object type(s) answered, for checking `expand` before anything runs: "refund", or a list of it. */
  returns?: Returns;
  /**
   * The id of the object whose lock this request takes while it runs (a refund: its charge). Evaluated
   * before execution; answer undefined when there is none (the execution then reports what is missing).
   */
  lock?: (ctx: Context, params: z.output<S>, path: PathParams<P>) => string | undefined;
  /**
   * The work, synchronous, one transaction. Answers the body, a Stripe object or list, unexpanded;
   * `expand` is for what only the route can add, e.g. the `total_count` of a search.
   */
  run: (ctx: Context, params: z.output<S>, path: PathParams<P>, expand: readonly string[]) => object;
}

/** A request whose parameters passed validation. */
export interface PreparedCall {
  lock(ctx: Context): string | undefined;
  run(ctx: Context, expand: readonly string[]): object;
}

/** A route with its parameter type closed over, so that the router can hold all of them. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly returns: Returns | undefined;
  /** @throws SandboxError 400 for unknown, missing or malformed parameters (never stored under a key) */
  prepare(raw: { [name: string]: FormValue }, path: Record<string, string>): PreparedCall;
}

/** Declares one `/v1` route; see {@link RouteDefinition}. */
export function defineRoute<P extends string, S extends z.ZodType>(definition: RouteDefinition<P, S>): Route {
  return {
    method: definition.method,
    path: definition.path,
    returns: definition.returns,
    prepare(raw, path) {
      const params = parseParams(definition.params, raw);
      // The router has matched the pattern P, so every name in it is present.
      const named = path as PathParams<P>;
      return {
        lock: (ctx) => definition.lock?.(ctx, params, named),
        run: (ctx, expand) => definition.run(ctx, params, named, expand),
      };
    },
  };
}
