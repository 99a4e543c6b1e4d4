import type { ErrorCode } from "@redress/core/errors";
import type { z } from "zod";

export const tags = {
  purchases: "What customers paid.",
  refunds: "Asking for refunds, deciding, and what became of them.",
  "bulk refunds": "Many refunds of an app, approved as exactly one list.",
  agents: "For programs with a key.",
  apps: "Apps, their settings and policies.",
  "app servers": "What an app's own server tells, signed with its notification secret.",
  deliveries: "What apps were told, and what they answered.",
  books: "What waits for a person, and how the books agree with Stripe's.",
  events: "Stripe's events as they came in.",
  access: "People, keys and the log of all they did.",
} as const;

/** What the document says of a route beside what the route itself declares. */
export interface Operation {
  readonly tag: keyof typeof tags;
  readonly summary: string;
  /** What a caller has to know beyond it. */
  readonly description?: string;
  /** The body of a good answer. Tests parse every answer of the running desk with it. */
  readonly answer: z.ZodType;
  /** `application/json` unless told. */
  readonly mediaTypes?: readonly string[];
  /** Error codes beside those of every such route. Tests meet no other. */
  readonly errors?: readonly ErrorCode[];
  /** Takes `Idempotency-Key`. */
  readonly takesKey?: true;
  /** What is sent, where the route leaves parsing to core. */
  readonly body?: z.ZodType;
}

/** By method and path, e.g. `GET /api/v1/refunds/{id}`. */
export type Operations = Readonly<Record<string, Operation>>;
