import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createOutbound, isPublicAddress } from "./outbound.ts";

// No request goes to a private address unless the operator allowed it, however the address is written.
let server: Server;
let port: number;
let requests = 0;
let behave: "answer" | "redirect" | "large" | "hang" = "answer";

beforeAll(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    if (behave === "redirect") response.writeHead(302, { location: `http://127.0.0.1:${port}/again` }).end();
    else if (behave === "large") response.end("x".repeat(3_000_000));
    else if (behave === "answer") response.writeHead(201, { "x-test": "yes" }).end("hello");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = 0;
  behave = "answer";
});

const limits = { headers: {}, body: "{}", timeoutMs: 2_000, maximumBytes: 1_000 };
const guarded = createOutbound({
  allowPrivateAddresses: false,
  findAddresses: (name, done) => {
    if (name === "mixed.example") {
      done(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    } else
      done(null, [
        {
          address: name === "six.example" ? "::ffff:127.0.0.1" : "127.0.0.1",
          family: name === "six.example" ? 6 : 4,
        },
      ]);
  },
});

describe("a private address is refused", () => {
  test.each([
    ["literal", "127.0.0.1"],
    ["decimal", "2130706433"],
    ["hexadecimal", "0x7f000001"],
    ["octal", "0177.0.0.1"],
    ["short", "127.1"],
    ["unspecified", "0.0.0.0"],
    ["IPv6 loopback", "[::1]"],
    ["IPv6-mapped", "[::ffff:127.0.0.1]"],
    ["IPv6-mapped in hexadecimal", "[::ffff:7f00:1]"],
    ["NAT64", "[64:ff9b::7f00:1]"],
    ["IPv4-compatible", "[::127.0.0.1]"],
    ["unique local", "[fd00::1]"],
    ["link-local with cloud metadata", "169.254.169.254"],
    ["private", "10.0.0.8"],
    ["shared", "100.64.0.1"],
    ["Azure's own, public by number only", "168.63.129.16"],
    ["by name", "rebind.example"],
    ["by a name with an IPv6-mapped address", "six.example"],
    ["by a name of which one address is private", "mixed.example"],
  ])("%s: %s", async (_kind, host) => {
    const request = guarded.post({ ...limits, url: `http://${host}:${port}/` });
    await expect(request).rejects.toMatchObject({ name: "OutboundError", code: "address_refused" });
    expect(requests).toBe(0);
  });

  test("by the system's own names too", async () => {
    const outbound = createOutbound({ allowPrivateAddresses: false });
    const request = outbound.post({ ...limits, url: `http://localhost:${port}/` });
    await expect(request).rejects.toMatchObject({ code: "address_refused" });
    expect(requests).toBe(0);
  });

  test("any address that maps to a private IPv4 one", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom(10, 127), byte, byte, byte, (...bytes) => {
        const address = bytes.join(".");
        expect([address, `::ffff:${address}`].map(isPublicAddress)).toEqual([false, false]);
      }),
      { seed: 7 },
    );
    expect(["93.184.216.34", "2606:4700::1111"].map(isPublicAddress)).toEqual([true, true]);
    expect(isPublicAddress("not an address")).toBe(false);
  });
});

describe("an address that is allowed", () => {
  const open = createOutbound({ allowPrivateAddresses: true });
  const url = () => `http://127.0.0.1:${port}/`;

  test("answers with status, headers and body", async () => {
    const answer = await open.post({ ...limits, url: url() });
    expect(answer).toMatchObject({ status: 201, body: "hello", headers: { "x-test": "yes" } });
  });

  test("cannot send anybody on: a redirect is an answer, and not followed", async () => {
    behave = "redirect";
    expect((await open.post({ ...limits, url: url() })).status).toBe(302);
    expect(requests).toBe(1);
  });

  test("cannot fill the memory: the rest of a long answer is not read", async () => {
    behave = "large";
    expect((await open.post({ ...limits, url: url() })).body).toBe("x".repeat(1_000));
  });

  test("cannot keep us waiting", async () => {
    behave = "hang";
    const request = open.post({ ...limits, url: url(), timeoutMs: 50 });
    await expect(request).rejects.toMatchObject({ code: "timeout" });
  });

  test("that refuses the connection, or is no URL of ours, is named so", async () => {
    await expect(open.post({ ...limits, url: "http://127.0.0.1:1/" })).rejects.toMatchObject({
      code: "connection_failed",
    });
    for (const bad of [
      "file:///etc/passwd",
      "http://user:pass@example.com/",
      "nonsense",
      "ftp://example.com",
    ]) {
      await expect(open.post({ ...limits, url: bad })).rejects.toMatchObject({ code: "url_invalid" });
    }
    await expect(open.post({ ...limits, url: "http://does-not-exist.invalid/" })).rejects.toMatchObject({
      code: "name_not_found",
    });
  });
});
