import { apps, auditLogs, refundAttempts } from "@redress/database";
import { and, eq, inArray } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../ids.ts";
import { getRefund } from "../refunds/get-refund.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";
import { askRefund, driveRefund, execute, untilDue } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { getApp } from "./get-app.ts";
import { releaseRefunds, stopRefunds } from "./stop-refunds.ts";

// The stop switch: once it is set, nothing that creates a refund is sent for the app, and nothing is lost by it.
const onCreate = { method: "POST", path: "/v1/refunds" } as const;
const correlationId = "cor_stop";
let harness: Harness;
let actor: { kind: "operator"; id: string };

beforeAll(async () => {
  harness = await startHarness();
  actor = { kind: "operator", id: (await harness.operator("admin")).id };
});
afterEach(() => harness.sandbox.admin.clearFaults());
afterAll(() => harness.close());

const openApp = () => harness.app({ approvalRules: [{ amount: 1_000_000, currency: "eur" }] });
const stop = ({ slug }: TestApp) =>
  stopRefunds(harness.dependencies, { slug, actor, correlationId, reason: "A key of an agent was stolen." });
const release = ({ slug }: TestApp) => releaseRefunds(harness.dependencies, { slug, actor, correlationId });
const detail = (refundId: string) => getRefund(harness.dependencies, { refundId });

async function createCalls(refundIds: readonly string[]): Promise<number> {
  const rows = await harness.dependencies.database
    .select({ id: refundAttempts.id })
    .from(refundAttempts)
    .where(and(inArray(refundAttempts.refundId, [...refundIds]), eq(refundAttempts.kind, "create")));
  return rows.length;
}

describe("while refunds of an app are stopped", () => {
  test("nothing new can be asked for, and other apps go on", async () => {
    const [stopped, other] = [await openApp(), await openApp()];
    const view = await stop(stopped);
    expect(view.refundsStopped).toEqual({
      at: harness.clock.now(),
      by: actor.id,
      byName: expect.any(String),
      reason: "A key of an agent was stolen.",
    });
    const purchase = await harness.purchase({ app: stopped });
    await expect(askRefund(harness, purchase)).rejects.toMatchObject({
      code: "refunds_stopped",
      details: { blockedCode: "refunds_stopped" },
    });
    const { id } = await askRefund(harness, await harness.purchase({ app: other }));
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
  });

  test("what was approved before waits, and runs once, under its own key, when they run again", async () => {
    const app = await openApp();
    const purchase = await harness.purchase({ app });
    const { id } = await askRefund(harness, purchase);
    await stop(app);
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "refunds_stopped" });
    // The hourly judgement of what is blocked does not get past the switch.
    await untilDue(harness, id);
    expect(await execute(harness, id)).toBe("stopped");
    expect(await harness.stripeRefunds(purchase)).toEqual([]);
    expect((await release(app)).refundsStopped).toBeNull();
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });

  test("a call that Stripe had put off is not sent again until they run", async () => {
    const app = await openApp();
    const purchase = await harness.purchase({ app });
    await harness.sandbox.admin.addFault({ fault: "rate_limit", ...onCreate });
    const { id } = await askRefund(harness, purchase);
    expect(await execute(harness, id)).toBe("again");
    await stop(app);
    await untilDue(harness, id);
    expect(await execute(harness, id)).toBe("stopped");
    expect(await detail(id)).toMatchObject({ status: "blocked", blockedCode: "refunds_stopped" });
    expect(await createCalls([id])).toBe(1);
    const { idempotencyKey } = await detail(id);
    await release(app);
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded", idempotencyKey });
  });

  test("a call of unknown outcome is only looked for: found, it settles", async () => {
    const app = await openApp();
    const purchase = await harness.purchase({ app });
    await harness.sandbox.admin.addFault({ fault: "drop_after", ...onCreate });
    const { id } = await askRefund(harness, purchase);
    expect(await execute(harness, id)).toBe("again");
    await stop(app);
    await untilDue(harness, id);
    expect(await execute(harness, id)).toBe("settled");
    expect(await detail(id)).toMatchObject({ status: "succeeded" });
    expect(await createCalls([id])).toBe(1);
  });

  test("a call that never arrived stays unknown and unsent, and goes on when they run", async () => {
    const app = await openApp();
    const purchase = await harness.purchase({ app });
    await harness.sandbox.admin.addFault({ fault: "drop_before", ...onCreate });
    const { id } = await askRefund(harness, purchase);
    expect(await execute(harness, id)).toBe("again");
    await stop(app);
    for (let turn = 0; turn < 3; turn += 1) {
      await untilDue(harness, id);
      expect(await execute(harness, id)).toBe("again");
    }
    expect(await detail(id)).toMatchObject({ status: "executing", outcomeUnknown: true });
    expect(await createCalls([id])).toBe(1);
    await release(app);
    // Taken up at once, not when the long wait between two look-ups is over.
    expect((await detail(id)).nextAttemptAt).toEqual(harness.clock.now());
    expect(await driveRefund(harness, id)).toMatchObject({ status: "succeeded" });
    expect(await harness.stripeRefunds(purchase)).toHaveLength(1);
  });
});

test("whoever comes first: no intention is committed after the switch has answered", async () => {
  const app = await openApp();
  const asked: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    asked.push((await askRefund(harness, await harness.purchase({ app }))).id);
  }
  const running = asked.map((id) => execute(harness, id));
  await stop(app);
  const committed = await createCalls(asked);
  await Promise.all(running);
  for (const id of asked) await execute(harness, id);
  expect(await createCalls(asked)).toBe(committed);
  const statuses = await Promise.all(asked.map(async (id) => (await detail(id)).status));
  expect(statuses.filter((status) => status === "succeeded")).toHaveLength(committed);
  expect(statuses.filter((status) => status === "blocked")).toHaveLength(asked.length - committed);
});

test("the database itself refuses the intention of a call", async () => {
  const app = await openApp();
  const { id } = await askRefund(harness, await harness.purchase({ app }));
  await stop(app);
  const { database, random, clock } = harness.dependencies;
  const attempt = database.insert(refundAttempts).values({
    id: newId(random, "attempt"),
    refundId: id,
    number: 1,
    kind: "create",
    idempotencyKey: "refund:x:y",
    startedAt: clock.now(),
  });
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(violatedConstraint(error)).toBe("refund_attempts_not_stopped");
  const half = database.update(apps).set({ refundsStoppedBy: null }).where(eq(apps.id, app.id));
  expect(
    violatedConstraint(
      await half.then(
        () => null,
        (reason: unknown) => reason,
      ),
    ),
  ).toBe("apps_stop_whole");
});

test("both turns are in the log once, however often they are clicked; no reason, no stop", async () => {
  const app = await openApp();
  await expect(
    stopRefunds(harness.dependencies, { slug: app.slug, actor, correlationId, reason: "  " }),
  ).rejects.toMatchObject({ code: "invalid_input" });
  expect((await getApp(harness.dependencies, { slug: app.slug })).refundsStopped).toBeNull();
  for (const turn of [stop, stop, release, release]) await turn(app);
  const log = await harness.dependencies.database
    .select({ action: auditLogs.action, actorId: auditLogs.actorId, details: auditLogs.details })
    .from(auditLogs)
    .where(
      and(eq(auditLogs.appId, app.id), inArray(auditLogs.action, ["refunds_stopped", "refunds_released"])),
    )
    .orderBy(auditLogs.id);
  expect(log).toEqual([
    { action: "refunds_stopped", actorId: actor.id, details: { reason: "A key of an agent was stolen." } },
    { action: "refunds_released", actorId: actor.id, details: {} },
  ]);
});
