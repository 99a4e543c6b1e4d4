import type { z } from "zod";
import type { System } from "../system.ts";

/**
 * An admin operation that needs the whole system. It may be asynchronous, and opens its own transactions.
 */
export interface SystemOperation<B extends z.ZodType, A extends object, P extends string = string> {
  method: "GET" | "POST" | "DELETE";
  /** Below `/admin`; at most one `:id`. */
  path: P;
  body: B;
  // A method, not a property: operations of every body type fit where any operation is asked for.
  run(system: System, body: z.output<B>, id: string): A | Promise<A>;
}

export function defineSystemOperation<B extends z.ZodType, A extends object, const P extends string>(
  operation: SystemOperation<B, A, P>,
): SystemOperation<B, A, P> {
  return operation;
}
