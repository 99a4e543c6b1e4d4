import { startReceiver } from "@redress/core/testing/receiver";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { builtActions, callAction } from "./testing/call-action.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// The page that leads an app to its first refund says how each step stands, and its buttons really do what they say.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
beforeAll(async () => {
  await buildWeb(() => undefined);
  receiver = await startReceiver();
  receiver.answer({ status: 200, body: '{"status":"done"}' });
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { env: { REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true" } });
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  await receiver?.close();
});

const page = "/settings/integrations/workshops";

it("each step of a new app stands as it is, and goes on by its button", async () => {
  const app = await connectedApp("workshops");
  const { client: admin } = await desk.operator("admin");
  const { client: viewer } = await desk.operator("viewer", "workshops");
  const stateOf = async (step: string, client = admin) => {
    const { text } = await client.get(page);
    return new RegExp(`data-step="${step}" data-state="(\\w+)"`).exec(text)?.[1];
  };
  const press = async (name: string) => {
    const action = (await builtActions()).get(`(desk)/settings/integrations/actions.ts ${name}`);
    if (!action) throw new Error(`there is no action ${name}`);
    return callAction(admin, action, page, { slug: "workshops" });
  };
  const first = await admin.get(page);
  expect(first.text).toContain(app.account);
  expect(await stateOf("notifications")).toBe("next");
  expect((await press("ping")).code).toBe("notification_unaddressed");

  await admin.send("PATCH", "/api/v1/apps/workshops", { notificationUrl: receiver.url });
  expect((await press("ping")).code).toBeNull();
  expect(receiver.messages.map(({ body }) => JSON.parse(body).type)).toEqual(["ping"]);
  expect(await stateOf("notifications")).toBe("done");

  expect(await stateOf("history")).toBe("next");
  expect((await press("importHistory")).code).toBeNull();
  await vi.waitFor(async () => expect(await stateOf("history")).toBe("done"), { timeout: 20_000 });

  expect(await stateOf("test_refund")).toBe("next");
  expect((await press("testRefund")).code).toBeNull();
  expect(await stateOf("test_refund")).toBe("moving");
  expect((await admin.get(page)).text).toContain("nobody approves their own request");

  // Who may look sees the steps, and no button.
  expect(await stateOf("history", viewer)).toBe("done");
  const seen = await viewer.get(page);
  for (const button of ["Send a ping", "Make a test refund", "Import the history again"]) {
    expect(seen.text).not.toContain(button);
    expect((await admin.get(page)).text).toContain(button);
  }
});

it("an app of others is not there", async () => {
  await desk.app("other");
  const { client } = await desk.operator("admin", "other");
  expect((await client.get(page)).status).toBe(404);
});
