import { z } from "zod";
import type { Requester } from "../actor.ts";
import type { Money } from "../money.ts";

/** More lines than any event had guests; a list is read, hashed and approved as a whole. */
export const mostLines = 20_000;

/** A line of a list as it is given: a purchase by any handle, and what to return of it (omitted: all that is left). */
export interface ListedRow {
  readonly purchase: string;
  readonly amount?: Money | undefined;
}

export const rowSchema = z.object({
  purchase: z.string().trim().min(1).max(200),
  amount: z
    .object({
      amount: z.int().positive().max(999_999_999_999),
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/)
        .toLowerCase(),
    })
    .optional(),
});

/** Where the lines come from. */
export type ListSource =
  | { readonly kind: "rows"; readonly rows: readonly ListedRow[] }
  | { readonly kind: "csv"; readonly text: string }
  /** The same words as in the search of purchases. */
  | { readonly kind: "filter"; readonly query: string };

export interface BulkRequest {
  readonly appId: string;
  readonly source: ListSource;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  readonly requester: Requester;
  /** The caller's own id of this request: the same one again gives the same list. */
  readonly requestKey?: string | undefined;
  readonly correlationId: string;
}
