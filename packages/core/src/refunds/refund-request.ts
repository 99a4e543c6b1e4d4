import type { Requester } from "../actor.ts";
import type { Money } from "../money.ts";

/** What somebody asks for. */
export interface RefundRequest {
  readonly requester: Requester;
  readonly purchaseId: string;
  /** Omitted: all that is left. */
  readonly amount?: Money | undefined;
  /** A code of the app's list. Omitted: the customer's wish, or else the first of the list. */
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  /** Where the customer wrote: `https://…`, at most 500 characters. */
  readonly ticketUrl?: string | undefined;
  /** The caller's own id of this request: the same one again gives the same refund. */
  readonly requestKey?: string | undefined;
  /** Refunds of the same purchase that an agent knows of, and to which it asks for another one. */
  readonly inAdditionTo?: readonly string[] | undefined;
  /**
   * True when the caller runs the refund itself as soon as it is approved: the workflow waits a little, so that
   * both do not reach for the lease and the caller is not answered "executing" by the one that lost.
   */
  readonly callerExecutes?: boolean | undefined;
  /** By which door a person asks, where it is not the desk's own pages: it stands in the log. */
  readonly via?: { readonly via: "embed"; readonly embedKeyId: string } | undefined;
  readonly correlationId: string;
}
