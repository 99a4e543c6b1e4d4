import type { z } from "zod";
import type { Context } from "../context.ts";

/** What an admin operation may touch: any account's context. Runs as one synchronous transaction. */
export interface AdminContext {
  /**
   * A context with `request: null` for this account; `silent` swallows what it emits.
   * @throws SandboxError 404 for an unknown account
   */
  account(id: string, options?: { silent?: boolean }): Context;
}

/**
 * One operation of the admin API. The HTTP route and the in-process method share it: HTTP passes the
 * decoded JSON body, the method its argument; both are parsed by `body`.
 */
export interface AdminOperation<B extends z.ZodType, A extends object, P extends string = string> {
  method: "GET" | "POST" | "DELETE";
  /** Below `/admin`; at most one `:id`. */
  path: P;
  body: B;
  /** `id` is the path's `:id`, else "". */
  run: (admin: AdminContext, body: z.output<B>, id: string) => A;
}

export function defineAdminOperation<B extends z.ZodType, A extends object, const P extends string>(
  operation: AdminOperation<B, A, P>,
): AdminOperation<B, A, P> {
  return operation;
}
