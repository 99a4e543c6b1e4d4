import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Set by our server on every request, over whatever a client sent: sign-in is rate limited by it. */
export const clientAddressHeader = "x-redress-client-address";

const neighbours = new BlockList();
neighbours.addSubnet("127.0.0.0", 8);
neighbours.addSubnet("10.0.0.0", 8);
neighbours.addSubnet("172.16.0.0", 12);
neighbours.addSubnet("192.168.0.0", 16);
neighbours.addAddress("::1", "ipv6");
neighbours.addSubnet("fc00::", 7, "ipv6");

function isNeighbour(address: string): boolean {
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  return neighbours.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/**
 * The address a request came from. A reverse proxy on the same machine or private network appends the
 * address that it saw to `X-Forwarded-For`, so only the last entry is believed, and only from there.
 */
export function clientAddress(request: IncomingMessage): string {
  const peer = request.socket.remoteAddress ?? "0.0.0.0";
  if (!isIP(peer) || !isNeighbour(peer)) return peer;
  const forwarded = request.headers["x-forwarded-for"];
  const last = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "")).split(",").at(-1)?.trim();
  return last && isIP(last) ? last : peer;
}
