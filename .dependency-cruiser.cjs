/** Dependencies point one way: web and cli → core → database; the sandbox, the SDK and the AI tools depend on none of them. */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(packages|apps|examples)/", pathNot: allowed },
});

module.exports = {
  forbidden: [
    only("database-stands-alone", "^packages/database/", "^packages/database/"),
    only(
      "core-knows-database-only",
      "^packages/core/src/(?!.*\\.test\\.ts$)(?!testing/)",
      "^packages/(core|database)/",
    ),
    only(
      "cli-knows-core-and-database",
      "^packages/cli/src/(?!.*\\.test\\.ts$)",
      "^packages/(cli|core|database)/",
    ),
    only("sandbox-stands-alone", "^packages/stripe-sandbox/", "^packages/stripe-sandbox/"),
    only("sdk-stands-alone", "^packages/sdk/", "^packages/sdk/"),
    only(
      "web-knows-core-and-database",
      "^apps/web/(?!.*\\.test\\.ts$)(?!e2e/)",
      "^(apps/web|packages/core|packages/database)/",
    ),
    only("ai-stands-alone", "^packages/ai/", "^packages/ai/"),
    only("example-knows-sdk-only", "^examples/", "^(examples/|packages/sdk/)"),
    {
      name: "core-knows-no-framework",
      severity: "error",
      // Second factors are sealed in better-auth's form: they are sealed anew with its own functions for that.
      from: { path: "^packages/core/", pathNot: "^packages/core/src/secrets/" },
      to: { path: "node_modules/(next|react|better-auth|hono)/" },
    },
    {
      name: "engine-only-behind-its-port",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: "^packages/core/src/durable/" },
      to: { path: "node_modules/(@dbos-inc|inngest)/" },
    },
    {
      name: "inngest-only-in-its-engine",
      severity: "error",
      from: {
        path: "^packages/core/src/durable/",
        pathNot: "^packages/core/src/durable/inngest(-function)?\\.ts$",
      },
      to: { path: "node_modules/inngest/" },
    },
    {
      name: "engines-are-chosen-in-one-place",
      comment: "Each is loaded only where it runs: together they would cost every start half a second.",
      severity: "error",
      from: {
        path: "^(packages|apps)/",
        pathNot: "(^packages/core/src/durable/(choose-engine|testing/.*|.*\\.(test|fixture))\\.ts$)",
      },
      to: { path: "^packages/core/src/durable/(dbos|inngest)\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)\\.next/" },
    tsConfig: { fileName: "tsconfig.base.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs"],
    },
  },
};
