// @ts-check
const core = "packages/core/src";

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  packageManager: "npm",
  plugins: [
    "@stryker-mutator/vitest-runner",
    "@stryker-mutator/typescript-checker",
    import.meta.resolve("./human-text.mjs"),
  ],
  ignorers: ["human-text"],
  // What does not compile cannot ship: such a mutant is not counted, neither as killed nor as survived.
  checkers: ["typescript"],
  tsconfigFile: "scripts/mutation/tsconfig.json",
  testRunner: "vitest",
  // `related` would only ask Vite again, for every mutant, what the coverage of each test tells already.
  vitest: { configFile: "scripts/mutation/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  // The money path: everything that decides whether, how often and how much is refunded.
  mutate: [
    `${core}/refunds/*.ts`,
    `${core}/approvals/*.ts`,
    `${core}/policy/*.ts`,
    `${core}/stripe/classify-error.ts`,
    "!**/*.test.ts",
    // Views: they read rows for people and programs, and decide nothing.
    `!${core}/refunds/get-refund.ts`,
    `!${core}/refunds/list-refunds.ts`,
    `!${core}/refunds/refund-summaries.ts`,
    `!${core}/refunds/refund-view.ts`,
    `!${core}/approvals/list-awaiting.ts`,
  ],
  // What no test of the money path needs is not copied into the sandbox.
  ignorePatterns: ["/apps", "/docs", "/e2e", "/examples", "/simulation", ".redress", ".sandbox", "*.log"],
  // What waits for ever is ended by the test's own timeout, and endless loops by Stryker's count of hits. This
  // is for what is left, and generous: on a busy machine a short one would call slow mutants dead.
  timeoutMS: 120_000,
  timeoutFactor: 4,
  concurrency: 2,
  incremental: true,
  incrementalFile: ".stryker/incremental.json",
  tempDirName: ".stryker/sandbox",
  cleanTempDir: "always",
  reporters: ["clear-text", "progress-append-only", "json", "html"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: ".stryker/mutation.json" },
  htmlReporter: { fileName: ".stryker/mutation.html" },
  thresholds: { high: 95, low: 85, break: 85 },
};
