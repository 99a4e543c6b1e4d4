import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemOperations } from "./admin/system-operations.ts";
import { faultSchema } from "./faults/faults.ts";
import { resourceAdmin, resourceRoutes } from "./resources/index.ts";

/** Guarantee: what the README lists is what there is. */
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test.each([
  ...resourceRoutes.map(({ method, path }) => `${method} ${path}`),
  ...Object.values({ ...systemOperations, ...resourceAdmin }).map(
    ({ method, path }) => `${method} /admin${path}`,
  ),
  ...faultSchema.shape.fault.options,
])("%s", (entry) => {
  expect(readme).toContain(`\`${entry}\``);
});
