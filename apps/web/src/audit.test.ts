import { auditAddresses, auditLogs } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { and, eq, ne } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";

// The log as its readers meet it over HTTP: with the caller's address, what was tried in vain, and taken out.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const from = (address: string) => ({ headers: { "x-forwarded-for": address } });

test("a refused change is written down once, with the address as a hash; a refused read is not", async () => {
  const shop = await desk.app("audit-shop");
  const viewer = await desk.operator("viewer", shop.slug);
  for (let time = 0; time < 3; time += 1) {
    const answer = await viewer.client.send(
      "POST",
      "/api/v1/apps",
      { slug: "x", name: "X" },
      from("203.0.113.77"),
    );
    expect(answer.code).toBe("permission_denied");
  }
  expect((await viewer.client.get("/api/v1/operators")).code).toBe("permission_denied");
  const { database } = desk.dependencies;
  const [address] = await database
    .select()
    .from(auditAddresses)
    .where(eq(auditAddresses.address, "203.0.113.77"));
  const entries = await database
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.actorId, viewer.operatorId), ne(auditLogs.action, "sign_in")));
  expect(entries).toMatchObject([
    { action: "operator_refused", details: { why: "permission_denied" }, addressHash: address?.hash },
  ]);
  expect(address?.hash).toMatch(/^[0-9a-f]{64}$/);
});

test("an export has the log of the reader's apps alone, in both formats, and the page narrows the same way", async () => {
  const [mine, other] = [await desk.app("audit-mine"), await desk.app("audit-other")];
  const admin = await desk.operator("admin", mine.slug);
  const csv = await admin.client.get("/api/v1/audit/export?format=csv");
  expect(csv.status).toBe(200);
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.headers.get("content-disposition")).toMatch(/attachment; filename="redress-audit-.*\.csv"/);
  expect(csv.text).toContain(mine.id);
  expect(csv.text).not.toContain(other.id);
  const json = await admin.client.get("/api/v1/audit/export?format=jsonl&action=app_created");
  const lines = json.text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).appId)).toEqual([mine.id]);
  expect((await admin.client.get(`/api/v1/audit/export?app=${other.slug}`)).text).toBe("");
  expect((await admin.client.get("/api/v1/audit/export?format=xml")).code).toBe("invalid_input");
  expect((await admin.client.get("/api/v1/audit/verify?month=2026-11")).code).toBe("permission_denied");
  const page = await admin.client.get("/audit?action=app_created&from=nonsense");
  expect(page.status).toBe(200);
  expect(page.text).toContain("/api/v1/audit/export?action=app_created&amp;format=csv");
  expect((await admin.client.get("/audit?action=refund_approved")).text).toContain("Nothing here yet");
});
