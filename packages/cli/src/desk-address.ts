import { UsageError } from "./usage-error.ts";

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * The origin of a desk that a key may be sent to: https, but on this machine.
 *
 * @param next one sentence on what to type instead
 * @throws UsageError
 */
export function readDeskAddress(address: string, next: string): string {
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is no address. ${next}`);
  const { protocol, hostname, origin } = new URL(address);
  if (protocol === "https:" || (protocol === "http:" && loopback.test(hostname))) return origin;
  throw new UsageError(`"${address}" must begin with https://, so that the key stays secret. ${next}`);
}
