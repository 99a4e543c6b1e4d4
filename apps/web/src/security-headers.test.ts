import { NextRequest } from "next/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import config from "../next.config.ts";
import { proxy } from "../proxy.ts";

// What browsers are told to refuse; that pages carry it, and work with it, is tested in server.test.ts and e2e/.
afterEach(() => vi.unstubAllEnvs());

function policyOf(answer: ReturnType<typeof proxy>): Map<string, string> {
  const text = answer.headers.get("content-security-policy") ?? "";
  return new Map(
    text.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

const visit = () => proxy(new NextRequest("https://refunds.example.com/refunds"));

describe("the Content-Security-Policy of pages", () => {
  it("runs scripts with this answer's nonce and no other, frames and sends forms nowhere else", () => {
    vi.stubEnv("NODE_ENV", "production");
    const policy = policyOf(visit());
    const scripts = policy.get("script-src") ?? "";
    expect(scripts).toMatch(/^'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'$/);
    policy.delete("script-src");
    expect(Object.fromEntries(policy)).toEqual({
      "default-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "img-src": "'self' data:",
      "font-src": "'self'",
      "object-src": "'none'",
      "base-uri": "'none'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
    });
  });

  it("has a nonce that was never there before", () => {
    const nonces = Array.from({ length: 100 }, () => policyOf(visit()).get("script-src"));
    expect(new Set(nonces).size).toBe(100);
  });

  it("lets strings be run as code in development only", () => {
    vi.stubEnv("NODE_ENV", "development");
    expect(policyOf(visit()).get("script-src")).toContain("'unsafe-eval'");
    vi.stubEnv("NODE_ENV", "test");
    expect(policyOf(visit()).get("script-src")).not.toContain("unsafe");
  });
});

it("every answer of Next's says that it is not to be sniffed, framed, or used by another site", async () => {
  const [rule, ...others] = (await config.headers?.()) ?? [];
  // But for what a helpdesk frames, which names who may: embed.test.ts.
  expect([rule?.source, others]).toEqual(["/((?!embed/purchase$).*)", []]);
  expect(Object.fromEntries((rule?.headers ?? []).map(({ key, value }) => [key, value]))).toEqual({
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
});
