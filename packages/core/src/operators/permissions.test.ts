import { agentPermissions, operatorRoleNames } from "@redress/database";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AgentGrants, OperatorGrants } from "../actor.ts";
import { mayKnow, permissions, permittedApps, requirePermission } from "./permissions.ts";

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

test("whatever a key was given and its owner has, it may do what both allow and nothing else", () => {
  const apps = ["app_a", "app_b", "app_c"];
  const role = fc.constantFrom(...operatorRoleNames);
  const owners = fc.record({
    all: fc.option(role),
    byApp: fc.dictionary(fc.constantFrom(...apps), role),
  });
  const keys = fc.record({
    permissions: fc.subarray([...agentPermissions]),
    appIds: fc.oneof(fc.constant("all" as const), fc.subarray(apps)),
  });
  fc.assert(
    fc.property(owners, keys, (roles, key) => {
      const owner = grants(roles);
      const agent: AgentGrants = { id: "key_1", owner, ...key };
      const may = (
        who: OperatorGrants | AgentGrants,
        permission: (typeof permissions)[number],
        app: string,
      ) => {
        const permitted = permittedApps(who, permission);
        return permitted === "all" || permitted.includes(app);
      };
      for (const app of apps) {
        const isKeys = key.appIds === "all" || key.appIds.includes(app);
        expect(mayKnow(agent, app)).toBe(isKeys && mayKnow(owner, app));
        for (const permission of permissions) {
          const isGiven = key.permissions.some((given) => given === permission);
          expect(may(agent, permission, app)).toBe(isKeys && isGiven && may(owner, permission, app));
        }
      }
      if (key.appIds !== "all") expect(mayKnow(agent, null)).toBe(false);
    }),
  );
});
