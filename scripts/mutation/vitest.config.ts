import { defineConfig } from "vitest/config";
import { TestOrder } from "./test-order.ts";

/** The tests that drive the money path through its real routes; they run in the order that kills soonest. */
export default defineConfig({
  test: {
    include: ["refunds", "approvals", "policy", "stripe", "tools", "workflows"].map(
      (folder) => `packages/core/src/${folder}/**/*.test.ts`,
    ),
    // A mutant that waits for what never comes is dead after this.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ["scripts/mutation/setup.ts"],
    globalSetup: ["packages/database/src/testing/global-setup.ts"],
    sequence: { sequencer: TestOrder },
  },
});
