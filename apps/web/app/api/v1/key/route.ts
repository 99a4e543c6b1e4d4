import { listApps } from "@redress/core/apps/list-apps";
import { getKey } from "@redress/core/keys/key-view";
import { permittedApps } from "@redress/core/operators/permissions";
import { agentRoute } from "../../../../src/access/agent-route.ts";
import { jsonResponse } from "../../../../src/http/error-response.ts";
import { version } from "../../../../src/version.ts";

/** Which key was sent, what it may do now, and on which desk. */
export const GET = agentRoute(async ({ dependencies, agent, correlationId }) => {
  const { id, name, permissions, ratePerMinute, expiresAt } = await getKey(dependencies, { keyId: agent.id });
  const scope = permittedApps(agent, "purchases.read");
  const apps = await listApps(dependencies, { appIds: scope === "all" ? "all" : [...scope] });
  const key = {
    ...{ id, name, ratePerMinute, expiresAt },
    permissions: permissions.filter((permission) => permittedApps(agent, permission).length > 0),
    apps: apps.map(({ slug, name, connection }) => ({ slug, name, isConnected: connection !== null })),
  };
  const desk = { version, mode: dependencies.settings.mode, now: dependencies.clock.now() };
  return jsonResponse({ key, desk }, { status: 200, correlationId });
});
