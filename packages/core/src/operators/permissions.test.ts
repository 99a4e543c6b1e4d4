import { operatorRoleNames } from "@redress/database";
import { expect, test } from "vitest";
import type { OperatorGrants } from "../actor.ts";
import { permissions, permittedApps, requirePermission } from "./permissions.ts";

const grants = (roles: Partial<OperatorGrants["roles"]>): OperatorGrants => ({
  id: "operator",
  roles: { all: null, byApp: {}, ...roles },
});

test("each role may do this, and nothing else", () => {
  const table = Object.fromEntries(
    operatorRoleNames.map((role) => [
      role,
      permissions.filter((permission) => permittedApps(grants({ all: role }), permission) === "all"),
    ]),
  );
  expect(table).toEqual({
    viewer: ["purchases.read", "refunds.read", "apps.read"],
    agent: ["purchases.read", "refunds.read", "apps.read", "refunds.request", "refunds.withdraw"],
    approver: [
      "purchases.read",
      "refunds.read",
      "apps.read",
      "refunds.request",
      "refunds.withdraw",
      "refunds.decide",
      "audit.read",
    ],
    admin: [...permissions],
  });
});

test("a role in one app opens that app only", () => {
  const operator = grants({ all: "viewer", byApp: { app_a: "approver", app_b: "agent" } });
  expect(permittedApps(operator, "refunds.decide")).toEqual(["app_a"]);
  expect(() => requirePermission(operator, "refunds.decide", "app_a")).not.toThrow();
  expect(() => requirePermission(operator, "refunds.decide", "any")).not.toThrow();
  expect(() => requirePermission(operator, "refunds.read", "app_c")).not.toThrow();
  for (const where of ["app_b", "app_c", "all"]) {
    expect(() => requirePermission(operator, "refunds.decide", where)).toThrow(
      expect.objectContaining({ code: "permission_denied", status: 403 }),
    );
  }
});

test("somebody without a role may do nothing anywhere", () => {
  for (const permission of permissions) {
    expect(permittedApps(grants({}), permission)).toEqual([]);
    expect(() => requirePermission(grants({}), permission, "any")).toThrow("administrator");
  }
});
