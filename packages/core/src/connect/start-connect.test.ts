import { connectStates } from "@redress/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { updateApp } from "../apps/update-app.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { startConnect } from "./start-connect.ts";

let desk: Harness;
beforeAll(async () => {
  desk = await startHarness({ connect: false });
});
afterAll(() => desk.close());

test("the address is Stripe's consent page with the app's record as prefill (C1)", async () => {
  const app = await desk.app();
  const { id: operatorId } = await desk.operator();
  const actor = { kind: "operator", id: operatorId } as const;
  await updateApp(desk.dependencies, {
    actor,
    slug: app.slug,
    name: "Total & TypeScript",
    contactEmail: "billing@total.example",
    websiteUrl: "https://total.example/?a=b",
    productDescription: "Courses",
  });
  const { url } = await startConnect(desk.dependencies, {
    appSlug: app.slug,
    operatorId,
    sessionToken: "session",
  });
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe(`${desk.sandbox.origin}/oauth/authorize`);
  const { state, ...rest } = Object.fromEntries(searchParams);
  expect(rest).toEqual({
    response_type: "code",
    client_id: desk.sandbox.platform.clientId,
    scope: "read_write",
    redirect_uri: "http://127.0.0.1:3000/api/stripe/connect/callback",
    "stripe_user[email]": "billing@total.example",
    "stripe_user[url]": "https://total.example/?a=b",
    "stripe_user[business_name]": "Total & TypeScript",
    "stripe_user[product_description]": "Courses",
  });
  expect(state).toMatch(/^[\w-]{43}$/);
  expect((await fetch(url)).status).toBe(200);
});

test("the state is new each time, and stands in the database only as a hash, like the session (C2)", async () => {
  const app = await desk.app();
  const start = () =>
    startConnect(desk.dependencies, {
      appSlug: app.slug,
      operatorId: "opr_1",
      sessionToken: "secret-session",
    });
  const states = [await start(), await start()].map(
    ({ url }) => new URL(url).searchParams.get("state") ?? "",
  );
  expect(new Set(states).size).toBe(2);
  const stored = JSON.stringify(await desk.dependencies.database.select().from(connectStates));
  for (const secret of [...states, "secret-session"]) expect(stored).not.toContain(secret);
});

test("an unknown app starts nothing", async () => {
  const start = startConnect(desk.dependencies, {
    appSlug: "nobody",
    operatorId: "opr_1",
    sessionToken: "s",
  });
  await expect(start).rejects.toMatchObject({ code: "app_not_found", status: 404 });
});
