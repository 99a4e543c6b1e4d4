import { defineConfig } from "vitest/config";

// Forks, not threads: a test file owns its process, so a durable engine (one per process) and
// child servers cannot leak from one file into the next.
export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/**/*.test.ts",
      "apps/web/**/*.test.ts",
      "simulation/**/*.test.ts",
      "bench/**/*.test.ts",
      "e2e/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/.next/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ["packages/database/src/testing/global-setup.ts"],
  },
});
