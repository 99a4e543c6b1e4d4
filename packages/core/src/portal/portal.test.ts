import {
  auditLogs,
  deskSettings,
  notifications,
  operatorRoles,
  operators,
  portalLinks,
} from "@redress/database";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../ids.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { createPortalLink } from "./create-link.ts";
import { linkLives } from "./link-input.ts";
import { getPortalLink } from "./link-view.ts";
import { openPortalLink } from "./open-link.ts";
import { readPortalDelivery } from "./portal-deliveries.ts";
import { revokePortalLink } from "./revoke-link.ts";
import { visitPortal } from "./visit-portal.ts";

// A link for an app's developer: what the desk keeps of it, how long it works, and how far it reaches (invariant 7).
let harness: Harness;
let app: TestApp;
let other: TestApp;
let maker: { id: string };
beforeAll(async () => {
  harness = await startHarness({ connect: false });
  [app, other, maker] = await Promise.all([harness.app(), harness.app(), harness.operator()]);
});
afterAll(() => harness.close());

const correlationId = "cor_test";
const ended = expect.objectContaining({ code: "portal_link_ended" });

async function make(expiresIn: keyof typeof linkLives = "7d", operatorId = maker.id) {
  const input = { slug: app.slug, name: "Ada of the shop", expiresIn, operatorId, correlationId };
  const { link, url } = await createPortalLink(harness.dependencies, input);
  return { id: link.id, token: new URL(url).searchParams.get("token") ?? "" };
}
const open = (token: string) => openPortalLink(harness.dependencies, { token, correlationId });
const visit = (session: string) => visitPortal(harness.dependencies, { session });

async function opened(...made: Parameters<typeof make>) {
  const { id, token } = await make(...made);
  return { id, token, session: (await open(token)).session };
}

async function message(appId: string): Promise<string> {
  const id = newId(harness.dependencies.random, "notification");
  await harness.dependencies.database.insert(notifications).values({
    ...{ id, appId, type: "ping", sequence: 0, access: "keep", status: "done" },
    payload: { type: "ping" },
    createdAt: harness.clock.now(),
  });
  return id;
}

const entriesOf = (actorId: string) =>
  harness.dependencies.database
    .select({ action: auditLogs.action, actorKind: auditLogs.actorKind, details: auditLogs.details })
    .from(auditLogs)
    .where(eq(auditLogs.actorId, actorId))
    .orderBy(auditLogs.id);

describe("what is kept of a link", () => {
  test("opens nothing by itself: neither its token nor the browser's secret stands in the database or the log", async () => {
    const { id, token, session } = await opened();
    const { database } = harness.dependencies;
    const kept = JSON.stringify([
      await database.select().from(portalLinks),
      await database.select().from(auditLogs),
      await getPortalLink(harness.dependencies, { slug: app.slug, linkId: id }),
    ]);
    expect(token).toMatch(/^[\w-]{43}$/);
    for (const secret of [token, session]) expect(kept).not.toContain(secret.slice(0, 12));
    // Nor is one good for the other's purpose.
    await expect(visit(token)).rejects.toEqual(ended);
    await expect(open(session)).rejects.toEqual(ended);
  });
});

describe("a link", () => {
  test("is opened once, however many browsers try at the same moment", async () => {
    const { token } = await make();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => open(token)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(open(token)).rejects.toEqual(ended);
  });

  test.each(["1h", "1d", "7d"] as const)(
    "of %s works so long, opened or not, and no longer",
    async (life) => {
      const [unopened, used] = [await make(life), await opened(life)];
      await harness.advance(linkLives[life] - 1);
      await expect(visit(used.session)).resolves.toMatchObject({ app: { id: app.id } });
      await harness.advance(1);
      await expect(visit(used.session)).rejects.toEqual(ended);
      await expect(open(unopened.token)).rejects.toEqual(ended);
    },
  );

  test("ends at once when it is revoked, opened or not, by its own app alone", async () => {
    const [unopened, used] = [await make(), await opened()];
    const by = { operatorId: maker.id, correlationId };
    const elsewhere = revokePortalLink(harness.dependencies, { slug: other.slug, linkId: used.id, ...by });
    await expect(elsewhere).rejects.toMatchObject({ code: "portal_link_not_found" });
    await expect(visit(used.session)).resolves.toBeDefined();
    for (const linkId of [unopened.id, used.id, used.id]) {
      await revokePortalLink(harness.dependencies, { slug: app.slug, linkId, ...by });
    }
    await expect(visit(used.session)).rejects.toEqual(ended);
    await expect(open(unopened.token)).rejects.toEqual(ended);
  });

  test("never reaches further than its maker: it ends with their role, and when they are shut out", async () => {
    const { database } = harness.dependencies;
    const [demoted, dismissed] = [await harness.operator(), await harness.operator()];
    const links = [await opened("7d", demoted.id), await opened("7d", dismissed.id)];
    const fresh = await make("7d", demoted.id);
    await database
      .update(operatorRoles)
      .set({ role: "approver" })
      .where(eq(operatorRoles.operatorId, demoted.id));
    await database
      .update(operators)
      .set({ deactivatedAt: harness.clock.now() })
      .where(eq(operators.id, dismissed.id));
    for (const { session } of links) await expect(visit(session)).rejects.toEqual(ended);
    await expect(open(fresh.token)).rejects.toEqual(ended);
    const used = await opened();
    const required = { key: "second_factor_required", value: true, updatedBy: "test" } as const;
    await database.insert(deskSettings).values({ ...required, updatedAt: harness.clock.now() });
    await expect(visit(used.session)).rejects.toEqual(ended);
    await database.delete(deskSettings);
    await expect(visit(used.session)).resolves.toBeDefined();
  });

  test("shows 120 pages a minute, and then asks for patience", async () => {
    const { session } = await opened();
    const visits = await Promise.allSettled(Array.from({ length: 125 }, () => visit(session)));
    const refused = visits.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(5);
    for (const error of refused) expect(error).toMatchObject({ code: "rate_limited" });
    await harness.advance(60_000);
    await expect(visit(session)).resolves.toBeDefined();
  });
});

describe("through a link", () => {
  test("another app's message is answered like one that does not exist", async () => {
    const { session } = await opened();
    const visitor = await visit(session);
    const read = (notificationId: string) =>
      readPortalDelivery(harness.dependencies, visitor, { notificationId, correlationId });
    const foreign = await read(await message(other.id)).catch((error: unknown) => error);
    const unknown = await read("ntf_none").catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: "notification_not_found" });
    expect(foreign).toEqual(unknown);
    const own = await message(app.id);
    await expect(read(own)).resolves.toMatchObject({ id: own, app: { id: app.id } });
  });

  test("what is done has the link as its actor, and the first reading of each message is written down", async () => {
    const { id, session } = await opened();
    const visitor = await visit(session);
    const [first, second] = [await message(app.id), await message(app.id)];
    for (const notificationId of [first, first, second]) {
      await readPortalDelivery(harness.dependencies, visitor, { notificationId, correlationId });
    }
    const own = { actorKind: "portal_link", details: { ownerId: maker.id } };
    expect(await entriesOf(id)).toMatchObject([
      { ...own, action: "portal_link_opened" },
      { ...own, action: "portal_delivery_read", details: { notificationId: first } },
      { ...own, action: "portal_delivery_read", details: { notificationId: second } },
    ]);
    const made = and(eq(auditLogs.action, "portal_link_created"), eq(auditLogs.actorId, maker.id));
    expect(await harness.dependencies.database.$count(auditLogs, made)).toBeGreaterThan(0);
  });
});
