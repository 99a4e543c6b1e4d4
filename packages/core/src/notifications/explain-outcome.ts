/**
 * Why an answer is no acceptance and what to do about it, for the log of deliveries. An app is never switched off,
 * whatever it answers: a lost revocation is lost business.
 *
 * @returns null for a 2xx
 */
export function explainStatus(status: number): string | null {
  if (status >= 200 && status <= 299) return null;
  if (status >= 300 && status <= 399) {
    return "The address redirects, and redirects are not followed. Enter the address that it leads to.";
  }
  const known: Record<number, string> = {
    400: "The app could not read the message. Update the SDK, or look into the app's log.",
    401: "The app did not believe the signature. Compare its secret with this app's, and pass the raw body on.",
    403: "The app forbids this call. A firewall or login may stand before the address.",
    404: "There is nothing at this address. Compare it with the app's route.",
    405: "The address takes no POST. Compare it with the app's route.",
    410: "The app says that this address is gone for good. Enter a new one; until then it is tried on.",
    413: "The app refuses a message of this size. Raise its limit to 64 kB.",
    429: "The app asks for patience. It is tried again later.",
  };
  return known[status] ?? `The app answered ${status}. Its own log says why.`;
}
