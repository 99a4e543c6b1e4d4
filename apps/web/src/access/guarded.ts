import type { AgentPermission } from "@redress/database";
import type { z } from "zod";

/** What a route takes, as it parses it. */
export interface Accepted {
  readonly params?: z.ZodType | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  /** Of a good answer. */
  readonly status: number;
}

/** How a route handler or server action is protected; a test over all of them reads it, and the OpenAPI document. */
export type Guard =
  | {
      readonly kind: "operator";
      readonly permission: string;
      readonly owner: string;
      readonly accepted?: Accepted;
    }
  /** Signed-in people, and agents with a key. */
  | {
      readonly kind: "caller";
      readonly permission: AgentPermission;
      readonly owner: string;
      readonly accepted: Accepted;
    }
  /** Agents with a key; each tool names its permission and owner. */
  | { readonly kind: "agent" }
  /** Signed-in people with or without a role, and nothing but their own account. */
  | { readonly kind: "own-account" }
  | { readonly kind: "app-signed" }
  /** An app's developer with a link that a person made: that one app's notifications. */
  | { readonly kind: "portal" }
  /** A page for a helpdesk's frame, by a token that it signed for a person of this desk. */
  | { readonly kind: "embed" }
  | { readonly kind: "public"; readonly why: string };

export type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;

const guards = new WeakMap<object, Guard>();

/** Notes how a function is protected. Only the wrappers in this folder call it. */
export function guarded<Guarded extends object>(handler: Guarded, guard: Guard): Guarded {
  guards.set(handler, guard);
  return handler;
}

/** How this function is protected, or undefined when it went through none of the wrappers. */
export function guardOf(handler: unknown): Guard | undefined {
  return typeof handler === "function" ? guards.get(handler) : undefined;
}
