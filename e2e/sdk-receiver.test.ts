import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { systemActor } from "@redress/core/actor";
import { rotateNotificationSecret } from "@redress/core/apps/rotate-notification-secret";
import { updateApp } from "@redress/core/apps/update-app";
import { sendPing } from "@redress/core/notifications/send-ping";
import { createOutbound } from "@redress/core/outbound/outbound";
import { settleRefund } from "@redress/core/refunds/settle-refund";
import { createEventDesk, type EventDesk } from "@redress/core/testing/event-desk";
import { type Harness, startHarness, type TestApp } from "@redress/core/testing/harness";
import { notifications } from "@redress/database";
import { memorySequenceStore } from "@redress/sdk";
import { createExpressHandler } from "@redress/sdk/express";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";

// A desk and an app on the SDK, with nothing but HTTP between them.
let harness: Harness;
let desk: EventDesk;
let app: TestApp;
let server: Server;
let url: string;
const secrets: string[] = [];
const revoked: string[] = [];
const by = { actor: systemActor("test"), correlationId: "cor_e2e" };

beforeAll(async () => {
  harness = await startHarness({ outbound: createOutbound({ allowPrivateAddresses: true }) });
  desk = createEventDesk(harness);
  const handle = createExpressHandler({
    secrets,
    // The desk of this test has a clock of its own.
    now: () => harness.clock.now().getTime(),
    sequences: memorySequenceStore(),
    revokeAccess: async ({ purchase }) => {
      revoked.push(purchase.stripe_charge_id);
      return { status: "done" };
    },
    restoreAccess: async () => undefined,
  });
  server = createServer(
    (request, response) => void handle(request, response, () => response.writeHead(500).end()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}/redress`;
  app = await harness.app({});
  await updateApp(desk.dependencies, { actor: by.actor, slug: app.slug, notificationUrl: url });
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await harness?.close();
});

const rotate = () => rotateNotificationSecret(desk.dependencies, { ...by, slug: app.slug });
const ping = () => sendPing(desk.dependencies, { ...by, appId: app.id });

/** @returns what became of the message about a whole refund */
async function refundAndTell(): Promise<{ chargeId: string; status: string | undefined }> {
  const { accountId, chargeId } = await harness.purchase({ app });
  const { stripe, database } = desk.dependencies;
  const stripeRefund = await stripe.refunds.create({ charge: chargeId }, { stripeAccount: accountId });
  const word = {
    stripeRefund,
    accountId,
    source: "stripe_webhook",
    correlationId: "cor_1",
    fresh: true,
  } as const;
  const { refundId } = await settleRefund(desk.dependencies, word);
  await desk.work();
  const [told] = await database
    .select()
    .from(notifications)
    .where(eq(notifications.refundId, refundId ?? ""));
  return { chargeId, status: told?.status };
}

test("a ping is red without the secret and green with it; a refund revokes access; a rotation loses nothing", async () => {
  const { notificationSecret: first } = await rotate();
  secrets.push("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  expect(await ping()).toMatchObject({
    ok: false,
    httpStatus: 401,
    message: expect.stringContaining("secret"),
  });
  secrets.splice(0, 1, first);
  expect(await ping()).toMatchObject({ ok: true, responseBody: '{"status":"done"}' });

  const before = await refundAndTell();
  expect(before.status).toBe("done");

  const { notificationSecret: second } = await rotate();
  const meanwhile = await refundAndTell();
  expect(meanwhile.status).toBe("done");
  secrets.splice(0, 1, second);
  await harness.advance(24 * 3_600_000 + 1);
  const after = await refundAndTell();
  expect(after.status).toBe("done");
  expect(revoked).toEqual([before.chargeId, meanwhile.chargeId, after.chargeId]);
});
