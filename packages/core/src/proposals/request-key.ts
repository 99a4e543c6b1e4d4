import { RedressError } from "../errors.ts";

const prefix = "proposal:";

/** The key of the request for a proposed refund: however often it is accepted, it is one request. */
export const requestKeyOf = (proposalId: string) => `${prefix}${proposalId}`;

/**
 * To be asked of every key that a caller chose: one like ours would stand for a click that nobody made.
 *
 * @throws RedressError `invalid_input`
 */
export function refuseProposalKey(requestKey: string | undefined): void {
  if (!requestKey?.startsWith(prefix)) return;
  throw new RedressError(
    "invalid_input",
    `A request's key must not begin with ${prefix}, which is kept for proposed refunds. Choose another key.`,
  );
}
