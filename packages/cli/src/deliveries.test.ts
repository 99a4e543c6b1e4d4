import { settleRefund } from "@redress/core/refunds/settle-refund";
import { createEventDesk, type EventDesk } from "@redress/core/testing/event-desk";
import { type Harness, startHarness } from "@redress/core/testing/harness";
import { notifications } from "@redress/database";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.ts";

// The commands as people type them: a message that no app took is found, read and sent again.
let harness: Harness;
let desk: EventDesk;
let notificationId: string;
beforeAll(async () => {
  harness = await startHarness();
  desk = createEventDesk(harness);
  const app = await harness.app({ slug: "my-shop", notificationUrl: "https://my-shop.example/redress" });
  const { accountId, chargeId } = await harness.purchase({ app });
  const stripeRefund = await desk.dependencies.stripe.refunds.create(
    { charge: chargeId },
    { stripeAccount: accountId },
  );
  const word = {
    stripeRefund,
    accountId,
    source: "stripe_webhook",
    correlationId: "cor_1",
    fresh: true,
  } as const;
  const { refundId } = await settleRefund(desk.dependencies, word);
  const [row] = await harness.dependencies.database
    .update(notifications)
    .set({ status: "dead", nextAttemptAt: null, createdAt: new Date("2024-05-01") })
    .where(eq(notifications.refundId, refundId ?? ""))
    .returning({ id: notifications.id });
  notificationId = row?.id ?? "";
});
afterAll(() => harness.close());

async function redress(words: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text) },
  };
  const environment = {
    DATABASE_URL: harness.connectionString,
    REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
  };
  const code = await run(["deliveries", ...words], environment, terminal, new AbortController().signal);
  return { code, out: out.join(""), err: err.join("") };
}

const statusOf = async () => {
  const rows = await harness.dependencies.database
    .select({ status: notifications.status })
    .from(notifications)
    .where(eq(notifications.id, notificationId));
  return rows[0]?.status;
};

test("lists by state and shows one", async () => {
  const listed = await redress(["list", "--state", "dead", "--app", "my-shop"]);
  expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(notificationId) });
  expect(listed.out).toContain("revoke  dead");
  expect((await redress(["list", "--state", "done"])).out).toBe("");
  const shown = JSON.parse((await redress(["show", notificationId, "--json"])).out);
  expect(shown.delivery).toMatchObject({
    id: notificationId,
    payload: { type: "refund.succeeded" },
    attempts: [],
  });
});

test("sends a window again, once somebody agreed, and one by its id", async () => {
  const window = ["resend", "--since", "2020-01-01", "--until", "2025-01-01"];
  expect(await redress(window)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect(await statusOf()).toBe("dead");
  expect(await redress([...window, "--yes", "--json"])).toMatchObject({ code: 0, out: '{"resent":1}\n' });
  expect(await statusOf()).toBe("pending");
  expect((await redress(["resend", notificationId])).code).toBe(0);
});

test.each([
  [[], "list, show or resend"],
  [["list", "--state", "odd"], "--state"],
  [["list", "--app", "nobody"], "my-shop"],
  [["show", "rfd_1"], "ntf_"],
  [["show", "ntf_none"], "no notification"],
  [["resend"], "--since"],
  [["resend", "--since", "2026-01-02", "--until", "2026-01-01"], "before"],
  [["resend", "ntf_1", "--app", "my-shop"], "not both"],
])("%j is a wrong command", async (words, sentence) => {
  expect(await redress(words)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
});
