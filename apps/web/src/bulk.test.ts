import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { onSandbox } from "./testing/on-sandbox.ts";

// A list of refunds by the real routes, from the CSV to the result; what is too much or wrong changes nothing.
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

const view = z.object({
  bulkRefund: z.object({
    id: z.string(),
    status: z.string(),
    listHash: z.string().nullable(),
    refunds: z.array(z.object({ status: z.string(), count: z.int() })),
    reasons: z.array(z.object({ code: z.string(), count: z.int() })),
  }),
});

async function until(client: Client, path: string, status: string) {
  return vi.waitFor(
    async () => {
      const { bulkRefund } = (await client.get(path)).as(view);
      expect(bulkRefund.status).toBe(status);
      return bulkRefund;
    },
    { timeout: 60_000, interval: 100 },
  );
}

it("a long CSV is judged, approved by somebody else as it was seen, run, and answered as a file", async () => {
  const app = await connectedApp("workshop");
  const [agent, approver] = [
    await desk.operator("agent", "workshop"),
    await desk.operator("approver", "workshop"),
  ];
  const stranger = await desk.operator("admin", (await desk.app("elsewhere")).slug);
  // 3,000 lines, more than other bodies may have.
  const csv = ["purchase,amount,currency", `${app.purchaseId},1.00,usd`];
  for (let line = 0; line < 3_000; line += 1) csv.push(`order-that-nobody-knows-${line},,`);
  const asked = await agent.client.post("/api/v1/bulk-refunds", { app: "workshop", csv: csv.join("\n") });
  expect(asked.status).toBe(201);
  const path = `/api/v1/bulk-refunds/${asked.as(view).bulkRefund.id}`;
  expect((await stranger.client.get(path)).code).toBe("bulk_refund_not_found");
  expect((await stranger.client.get("/api/v1/bulk-refunds")).text).not.toContain("blk_");

  const { listHash, reasons } = await until(agent.client, path, "awaiting_approval");
  expect(reasons).toEqual([{ code: "purchase_unknown", count: 3_000 }]);
  expect((await agent.client.post(`${path}/approve`, { listHash })).code).toBe("permission_denied");
  expect((await approver.client.post(`${path}/approve`, { listHash: "another" })).code).toBe("list_changed");
  expect((await approver.client.post(`${path}/approve`, { listHash })).status).toBe(200);
  await until(agent.client, path, "finished");
  // All lines were asked for; the last may still be on its way to Stripe.
  await vi.waitFor(
    async () => {
      const { bulkRefund } = (await agent.client.get(path)).as(view);
      expect(bulkRefund.refunds).toEqual([expect.objectContaining({ status: "succeeded", count: 1 })]);
    },
    { timeout: 60_000, interval: 100 },
  );
  const { text, headers } = await agent.client.get(`${path}/result`);
  expect(headers.get("content-disposition")).toContain(".csv");
  expect(text.trimEnd().split("\r\n")).toHaveLength(3_002);
  for (const page of ["/bulk-refunds", path.replace("/api/v1", "")]) {
    expect((await approver.client.get(page)).text, page).toContain("All asked for");
  }
}, 120_000);

it.each([
  ["no source", {}, "invalid_input"],
  ["two sources", { filter: "2026-11", csv: "purchase\nx" }, "invalid_input"],
  ["a wrong column", { csv: "purchase,price\nx,1" }, "csv_invalid"],
  ["euros that could be cents", { csv: "purchase,amount,currency\nx,49,eur" }, "csv_invalid"],
  ["a filter for everything", { filter: "app:other-shop" }, "invalid_input"],
  ["more lines than a list may have", { csv: `purchase\n${"x\n".repeat(20_001)}` }, "invalid_input"],
  ["more than a body may have", { csv: "x".repeat(5_000_000) }, "invalid_input"],
])("%s is refused, and nothing is there afterwards", async (_name, source, code) => {
  const app = await desk.app(`refusing-${code.length}-${Math.abs(JSON.stringify(source).length)}`);
  const { client } = await desk.operator("agent", app.slug);
  expect((await client.post("/api/v1/bulk-refunds", { app: app.slug, ...source })).code).toBe(code);
  expect((await client.get("/api/v1/bulk-refunds")).text).not.toContain("blk_");
});
