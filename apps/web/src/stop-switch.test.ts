import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// Who may set and release an app's stop switch, by the real routes, and that every page says so meanwhile.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

it("an approver stops the refunds of an app, an admin releases them, and nobody else does either", async () => {
  const app = await connectedApp("braked");
  const path = (turn: "stop" | "release") => `/api/v1/apps/braked/${turn}`;
  const reason = "Somebody has a key of ours.";
  const [admin, approver, agent] = await Promise.all(
    (["admin", "approver", "agent"] as const).map(
      async (role) => (await desk.operator(role, "braked")).client,
    ),
  );
  if (!admin || !approver || !agent) throw new Error("three people");
  const stranger = (await desk.operator("admin", (await desk.app("unbraked")).slug)).client;

  expect((await agent.post(path("stop"), { reason })).code).toBe("permission_denied");
  expect((await stranger.post(path("stop"), { reason })).code).toBe("app_not_found");
  expect((await approver.post(path("stop"), {})).code).toBe("invalid_input");
  const stopped = await approver.post(path("stop"), { reason });
  expect([stopped.status, JSON.parse(stopped.text)]).toMatchObject([
    200,
    { app: { refundsStopped: { reason } } },
  ]);

  const asked = { purchaseId: app.purchaseId, amount: 100, currency: "usd" };
  expect((await agent.post("/api/v1/refunds", asked)).code).toBe("refunds_stopped");
  for (const page of ["/purchases", `/purchases/${app.purchaseId}`, "/settings/integrations"]) {
    const { text } = await agent.get(page);
    expect(text, page).toContain("are stopped.");
    expect(text, page).toContain(reason);
    expect(text, page).not.toContain("run again</button>");
  }
  expect((await admin.get("/purchases")).text).toContain("run again</button>");
  expect((await stranger.get("/purchases")).text).not.toContain(reason);

  expect((await approver.post(path("release"), {})).code).toBe("permission_denied");
  const released = await admin.post(path("release"), {});
  expect(JSON.parse(released.text)).toMatchObject({ app: { refundsStopped: null } });
  expect((await agent.post("/api/v1/refunds", asked)).status).toBe(201);
  expect((await agent.get("/purchases")).text).not.toContain("are stopped.");
});
