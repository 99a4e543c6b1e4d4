/** Why nothing was answered. `address_refused`: private, link-local or otherwise not public. */
export type OutboundErrorCode =
  | "url_invalid"
  | "address_refused"
  | "name_not_found"
  | "timeout"
  | "connection_failed";

/** A request to an address that an app chose got no answer. The sentence is for the operator. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly code: OutboundErrorCode;

  constructor(code: OutboundErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
