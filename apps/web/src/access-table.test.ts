import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Guard } from "./access/guarded.ts";
import { accessTable, type Caller, callers, isAllowed } from "./testing/access-table.ts";
import type { Answer } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { everyAction } from "./testing/every-action.ts";
import { everyCaller } from "./testing/every-caller.ts";
import { everyRoute } from "./testing/every-route.ts";

// Denied unless granted: what is declared is what the running desk does, for every role, everywhere.
const file = fileURLToPath(new URL("../../../docs/access.md", import.meta.url));
let routes: Awaited<ReturnType<typeof everyRoute>>;
let actions: Awaited<ReturnType<typeof everyAction>>;

let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let ids: Record<string, string>;
let live: Awaited<ReturnType<typeof everyCaller>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  // Next has to be there before what imports it.
  [routes, actions] = await Promise.all([everyRoute(), everyAction()]);
  const app = await desk.app("this-app");
  await desk.app("other-app");
  live = await everyCaller(desk, { app: "this-app", other: "other-app" });
  const purchaseId = await desk.purchase(app.id);
  const asker = await desk.operator("agent");
  const asked = await asker.client.post("/api/v1/refunds", {
    purchaseId,
    amount: 100,
    currency: "usd",
    reason: "requested_by_customer",
  });
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  const listed = await asker.client.post("/api/v1/bulk-refunds", {
    app: "this-app",
    rows: [{ purchase: purchaseId }],
  });
  const { bulkRefund } = listed.as(z.object({ bulkRefund: z.object({ id: z.string() }) }));
  ids = { purchases: purchaseId, refunds: refund.id, "bulk-refunds": bulkRefund.id };
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

function declared(entries: readonly { name: string; guard: Guard | undefined }[]) {
  return entries.flatMap(({ name, guard }) => (guard === undefined ? [] : [{ name, guard }]));
}

test("every route and action declares what it needs, and docs/access.md says so", async () => {
  const all = [
    ...routes.map(({ method, pattern, guard }) => ({ name: `${method} ${pattern}`, guard })),
    ...actions,
  ];
  expect(all.filter(({ guard }) => guard === undefined)).toEqual([]);
  expect(all.length).toBeGreaterThan(60);
  await expect(accessTable(declared(all))).toMatchFileSnapshot(file);
});

/** The address with ids of this app; null where this test has none of the kind. */
function addressOf(pattern: string): string | null {
  const path = pattern.replace("[slug]", "this-app").replace(/([\w-]+)\/\[id\]/, (whole, kind: string) => {
    const id = ids[kind];
    return id === undefined ? whole : `${kind}/${id}`;
  });
  return path.includes("[") ? null : path;
}

const guardedRoutes = () =>
  routes.filter(({ guard }) => guard?.kind === "operator" || guard?.kind === "caller");
const pages = new Set(["/api/stripe/connect/authorize", "/api/stripe/connect/callback"]);

test("the running desk gives to read what is declared, and nothing else, to each caller", async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const { method, pattern, guard } of guardedRoutes()) {
    const path = addressOf(pattern);
    if (method !== "GET" || guard === undefined || path === null || pages.has(pattern)) continue;
    for (const caller of callers) {
      const { status } = await ask(caller, method, path);
      asked += 1;
      // 409: let in, and told what stands in the way, e.g. a request of one's own that is open.
      const fits = isAllowed(guard, caller) ? [200, 409].includes(status) : [401, 403, 404].includes(status);
      if (!fits) wrong.push(`${method} ${path} as ${caller.name}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(150);
}, 120_000);

function ask({ name }: Caller, method: string, path: string): Promise<Answer> {
  const caller = live.get(name);
  if (caller === undefined) throw new Error(`nobody calls as ${name}`);
  return caller.client.send(method, path, undefined, { headers: caller.headers });
}
