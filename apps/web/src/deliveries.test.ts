import { newId } from "@redress/core/ids";
import { settleRefund } from "@redress/core/refunds/settle-refund";
import { startReceiver } from "@redress/core/testing/receiver";
import { notifications } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// What apps were told, over REST and in the console, on the desk as npm start runs it. Invariant 7: an operator sees
// and sends again what was meant for their own app, and nothing else.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
const { connectedApp } = onSandbox(() => ({ sandbox, desk }));
beforeAll(async () => {
  await buildWeb(() => undefined);
  receiver = await startReceiver();
  sandbox = await startSandbox();
  desk = await startDesk(sandbox, { env: { REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS: "true" } });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  await receiver?.close();
});

const soon = { timeout: 20_000, interval: 100 };
const listSchema = z.object({
  deliveries: z.array(z.object({ id: z.string(), state: z.string(), type: z.string() })),
});

it("a ping, a refused message, its log, and sending it again", async () => {
  const app = await connectedApp("told");
  const { client: admin } = await desk.operator("admin", "told");
  const { client: approver } = await desk.operator("approver", "told");
  const { client: viewer } = await desk.operator("viewer", "told");
  const { slug: other } = await desk.app("untold");
  const { client: stranger } = await desk.operator("admin", other);

  expect((await admin.post("/api/v1/apps/told/ping")).code).toBe("notification_unaddressed");
  await admin.send("PATCH", "/api/v1/apps/told", { notificationUrl: receiver.url });
  receiver.answer({ status: 200, body: '{"status":"done"}' });
  const pinged = await admin.post("/api/v1/apps/told/ping");
  expect(JSON.parse(pinged.text)).toMatchObject({ ping: { ok: true, httpStatus: 200 } });
  expect((await approver.post("/api/v1/apps/told/ping")).code).toBe("permission_denied");
  expect((await stranger.post("/api/v1/apps/told/ping")).code).toBe("app_not_found");

  receiver.answer({ status: 401, body: "who are you?" });
  const { dependencies } = desk;
  const stripeRefund = await dependencies.stripe.refunds.create(
    { charge: app.chargeId },
    { stripeAccount: app.account },
  );
  const { account: accountId } = app;
  const correlationId = newId(dependencies.random, "correlation");
  const word = { stripeRefund, accountId, source: "stripe_webhook", correlationId, fresh: true } as const;
  await settleRefund(dependencies, word);
  dependencies.wakeOutbox();
  await vi.waitFor(() => expect(receiver.messages).toHaveLength(2), soon);

  const list = (await approver.get("/api/v1/deliveries?app=told")).as(listSchema).deliveries;
  expect(list.map(({ type }) => type)).toEqual(["refund.succeeded", "ping"]);
  const id = list[0]?.id ?? "";
  const path = `/api/v1/deliveries/${id}`;
  await vi.waitFor(async () => {
    expect(JSON.parse((await approver.get(path)).text)).toMatchObject({
      delivery: {
        state: "pending",
        attempts: [
          { httpStatus: 401, responseBody: "who are you?", errorMessage: expect.stringContaining("secret") },
        ],
      },
    });
  }, soon);
  expect((await viewer.get(path)).code).toBe("permission_denied");
  expect((await stranger.get(path)).code).toBe("notification_not_found");
  expect((await stranger.get("/api/v1/deliveries")).as(listSchema).deliveries).toEqual([]);

  for (const page of ["/deliveries", "/deliveries?show=pending&app=told"]) {
    expect((await approver.get(page)).text, page).toContain(`/deliveries/${id}`);
  }
  const detail = (await admin.get(`/deliveries/${id}`)).text;
  for (const word of ["who are you?", "did not believe the signature", "Send again"])
    expect(detail).toContain(word);
  expect(detail).not.toContain("v1,");
  expect((await approver.get(`/deliveries/${id}`)).text).not.toContain("Send again");
  expect((await stranger.get(`/deliveries/${id}`)).status).toBe(404);

  receiver.answer({ status: 200, body: '{"status":"done"}' });
  expect((await approver.post(`${path}/resend`)).code).toBe("permission_denied");
  expect((await admin.post(`${path}/resend`)).status).toBe(202);
  await vi.waitFor(async () => {
    expect(JSON.parse((await approver.get(path)).text)).toMatchObject({ delivery: { state: "done" } });
  }, soon);
  expect((await admin.post(`${path}/resend`)).code).toBe("notification_not_resendable");
  const window = { since: "2020-01-01", app: "told" };
  expect(
    JSON.parse((await admin.post("/api/v1/deliveries/resend", { ...window, dryRun: true })).text),
  ).toEqual({
    resendable: 0,
  });
  expect(JSON.parse((await admin.post("/api/v1/deliveries/resend", window)).text)).toEqual({
    resent: 0,
    done: true,
  });
  // Given up after three days; the page counts it, and sends it once that was seen.
  const { database } = dependencies;
  const given = eq(notifications.id, id);
  await database.update(notifications).set({ status: "dead", doneAt: null }).where(given);
  const fields = { since: "2020-01-01", until: "", app: "told", state: "dead" };
  const fill = async (client: typeof admin, step: string, more: Record<string, string> = {}) =>
    (await fillIn(client, desk.url, "/deliveries", { ...fields, step, ...more })).send();
  expect((await approver.get("/deliveries")).text).not.toContain("Count them");
  const counted = (await fill(admin, "count")).text;
  expect(counted).toContain("Send <!-- -->1 message<!-- --> again");
  expect((await fill(admin, "count", { until: "2020-01-02" })).text).toContain("Nothing was sent.");
  expect((await fill(admin, "count", { since: "soon" })).text).toContain("must be a day");
  expect((await fill(stranger, "send")).text).toContain("0 messages<!-- --> queued");
  const before = receiver.messages.length;
  const [, until = ""] = /name="until" value="([^"]+)"/.exec(counted) ?? [];
  expect((await fill(admin, "send", { until })).text).toContain("1 message<!-- --> queued to be sent again");
  await vi.waitFor(() => expect(receiver.messages).toHaveLength(before + 1), soon);
  expect((await fill(admin, "send", { until })).text).toContain("0 messages<!-- --> queued");
  const rotated = await admin.post("/api/v1/apps/told/notification-secret", {});
  expect(JSON.parse(rotated.text)).toMatchObject({
    notificationSecret: expect.stringMatching(/^whsec_/),
    previousUntil: expect.any(String),
  });
});
