import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

function from(peer: string, forwarded?: string): string {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers["x-forwarded-for"] = forwarded;
  return clientAddress(request);
}

describe("the address that sign-in is limited by cannot be chosen by the client", () => {
  it("is the peer's own when it comes from the internet, whatever it claims", () => {
    expect(from("203.0.113.9", "1.2.3.4")).toBe("203.0.113.9");
  });

  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.3", "192.168.1.1", "fd00::1"])(
    "is what the proxy at %s saw itself: the last entry, not those a client put before it",
    (proxy) => {
      expect(from(proxy, "1.2.3.4, 198.51.100.7")).toBe("198.51.100.7");
    },
  );

  it.each(["", "unknown", "1.2.3.4, not an address"])("falls back to the peer on %j", (forwarded) => {
    expect(from("127.0.0.1", forwarded)).toBe("127.0.0.1");
  });
});
