import { type InngestTestServer, startInngestServer } from "@redress/core/durable/testing/inngest-server";
import { signInngest } from "@redress/core/durable/testing/inngest-signature";
import { apps, stripeEvents } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { GET, POST } from "../app/api/inngest/route.ts";
import { startDesk } from "./testing/desk.ts";

// `npm start` with Inngest's variables: its calls are answered in front of Next and by the route handler, alike.
let inngest: InngestTestServer;
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  [inngest, sandbox] = await Promise.all([startInngestServer(), startSandbox()]);
  desk = await startDesk(sandbox, {
    env: {
      INNGEST_BASE_URL: inngest.origin,
      INNGEST_EVENT_KEY: inngest.eventKey,
      INNGEST_SIGNING_KEY: inngest.signingKey,
    },
  });
  await vi.waitUntil(() => inngest.functions().length > 0, { timeout: 10_000 });
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
  await inngest?.close();
});

it("handles a charge's event by calls that come in front of Next", async () => {
  const { database } = desk.dependencies;
  const [app, account] = await Promise.all([
    desk.app("shop"),
    sandbox.admin.createAccount({ connected: true }),
  ]);
  await database.update(apps).set({ stripeAccountId: account.id }).where(eq(apps.id, app.id));
  await sandbox.admin.createCharge({ account: account.id, amount: 5_000, currency: "eur" });
  const charged = eq(stripeEvents.type, "charge.succeeded");
  await vi.waitFor(
    async () => {
      const events = await database.select().from(stripeEvents).where(charged);
      expect(events).toMatchObject([{ accountId: account.id, status: "handled" }]);
    },
    { timeout: 10_000 },
  );
  expect(inngest.events.map(({ name }) => name)).toContain("stripe/event.received");
});

it("answers the same in front of Next and as its route handler", async () => {
  const url = `${desk.url}/api/inngest`;
  const signature = signInngest("", { key: inngest.signingKey });
  const requests = [
    { wanted: 401, init: { method: "GET" }, handler: GET },
    { wanted: 401, init: { method: "POST", body: "{}" }, handler: POST },
    { wanted: 200, init: { method: "GET", headers: { "x-inngest-signature": signature } }, handler: GET },
  ];
  for (const { wanted, init, handler } of requests) {
    const inFront = await fetch(url, init);
    const asRoute = await handler(new Request(url, init), { params: Promise.resolve({}) });
    expect([inFront.status, asRoute.status]).toEqual([wanted, wanted]);
    expect(await asRoute.json()).toEqual(await inFront.json());
  }
});
