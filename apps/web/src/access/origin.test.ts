import { describe, expect, it } from "vitest";
import { requireSameOrigin } from "./origin.ts";

// Every change goes through it: routes, server actions and sign-in (CSRF).
const desk = "https://refunds.example.com";
const ask = (headers: Record<string, string>) => () => requireSameOrigin(new Headers(headers), desk);

describe("a change with somebody's cookie", () => {
  it.each<[string, Record<string, string>]>([
    ["the desk's own page", { origin: desk }],
    ["the desk's own page, in a browser that leaves Origin out", { "sec-fetch-site": "same-origin" }],
  ])("is taken from %s", (_from, headers) => {
    expect(ask(headers)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ["another site", { origin: "https://evil.example" }],
    ["another site that claims more", { origin: "https://evil.example", "sec-fetch-site": "same-origin" }],
    ["the same host in clear", { origin: "http://refunds.example.com" }],
    ["another port", { origin: `${desk}:8443` }],
    ["a host that begins alike", { origin: `${desk}.evil.example` }],
    ["a neighbour's subdomain", { "sec-fetch-site": "same-site" }],
    ["another site, without Origin", { "sec-fetch-site": "cross-site" }],
    ["an address that was typed", { "sec-fetch-site": "none" }],
    ["a sandboxed frame", { origin: "null" }],
    ["somewhere that does not say", {}],
  ])("is refused from %s", (_from, headers) => {
    expect(ask(headers)).toThrow(expect.objectContaining({ code: "permission_denied" }));
  });
});
