import { policyVersions } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";

// Who may see and change a policy, by the real routes; the console's field never writes over what it cannot show.
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

const rules = [
  { when: { requester: ["agent"] }, verdict: "ask", approvers: 1, role: "admin" },
  { when: { amount: [{ currency: "usd", atMost: 5_000 }] }, verdict: "allow" },
];

it("an admin of an app reads and changes its policy, and nobody else does", async () => {
  const app = await desk.app("policy-shop");
  const path = `/api/v1/apps/${app.slug}/policy`;
  const { client } = await desk.operator("admin", app.slug);
  expect(JSON.parse((await client.get(path)).text)).toMatchObject({ version: 0, followsDesk: true });
  const written = await client.send("PUT", path, { policy: { rules }, seenVersion: 0 });
  expect([written.status, JSON.parse(written.text)]).toMatchObject([200, { version: 1, policy: { rules } }]);
  const again = await client.send("PUT", path, { policy: { rules: [] }, seenVersion: 0 });
  expect([again.status, again.code]).toEqual([409, "policy_changed"]);
  const refused = await client.send("PUT", path, {
    policy: { rules: [{ when: {}, verdict: "ask", approvers: 4 }] },
  });
  expect([refused.status, refused.code]).toEqual([400, "invalid_input"]);
  expect(refused.text).toContain("policy.rules.0.approvers");

  const approver = (await desk.operator("approver", app.slug)).client;
  expect((await approver.get(path)).status).toBe(200);
  expect((await approver.send("PUT", path, { policy: { rules: [] } })).code).toBe("permission_denied");
  const stranger = (await desk.operator("admin", (await desk.app("other-shop")).slug)).client;
  expect((await stranger.get(path)).code).toBe("app_not_found");
  expect((await stranger.send("PUT", path, { policy: { rules: [] } })).code).toBe("app_not_found");
  // The desk's own is every app's: an admin of one app does not change it.
  expect((await client.send("PUT", "/api/v1/policy", { policy: { rules } })).code).toBe("permission_denied");
  expect(JSON.parse((await client.get("/api/v1/policy")).text)).toMatchObject({
    version: 1,
    policy: { rules: [] },
  });
  const { database } = desk.dependencies;
  expect(await database.$count(policyVersions, eq(policyVersions.appId, app.id))).toBe(1);
});

it("a refund tells which rule judged it and whom it asks; settings leave such a policy alone", async () => {
  const app = await desk.app("shown-shop");
  const { client } = await desk.operator("admin", app.slug);
  const policy = { rules: [{ name: "Always", when: {}, verdict: "ask", role: "admin" }] };
  expect((await client.send("PUT", `/api/v1/apps/${app.slug}/policy`, { policy })).status).toBe(200);
  const purchaseId = await desk.purchase(app.id);
  const asked = await client.post("/api/v1/refunds", { purchaseId, amount: 100, currency: "usd" });
  expect(JSON.parse(asked.text)).toMatchObject({
    refund: {
      status: "awaiting_approval",
      approverRole: "admin",
      verdicts: [{ verdict: "ask", rule: 1, explanation: "Rule 1 (Always) asks an admin." }],
    },
  });
  const [, refundId] = /"id":"(rfd_\w+)"/.exec(asked.text) ?? [];
  const page = (await client.get(`/refunds/${refundId}`)).text;
  expect(page).toContain("Rule 1 (Always) asks an admin.");
  expect(page).toContain("Waits for an admin to approve it.");
  const settings = (await client.get("/settings/integrations")).text;
  expect(settings).toContain("By the rules of its policy");
  const patched = await client.send("PATCH", `/api/v1/apps/${app.slug}`, { approvalRules: [] });
  expect([patched.status, patched.code]).toEqual([409, "policy_not_simple"]);
});

it("an admin tries a draft on past requests, and nothing changes", async () => {
  const app = await desk.app("draft-shop");
  const { client } = await desk.operator("admin", app.slug);
  const purchaseId = await desk.purchase(app.id);
  await client.post("/api/v1/refunds", { purchaseId, amount: 100, currency: "usd" });
  const path = `/api/v1/apps/${app.slug}/policy/dry-run`;
  const allow = { when: { amount: [{ currency: "usd", atMost: 5_000 }] }, verdict: "allow" };
  const tried = await client.post(path, { policy: { rules: [allow] }, limit: 10 });
  expect([tried.status, JSON.parse(tried.text)]).toMatchObject([
    200,
    {
      changed: 1,
      counts: { allow: 1, ask: 0, refuse: 0 },
      requests: [{ amount: 100, verdict: "ask", draftVerdict: { kind: "allow", rule: 1 } }],
    },
  ]);
  expect(tried.text).not.toContain("customer@example.com");
  const approver = (await desk.operator("approver", app.slug)).client;
  expect((await approver.post(path, { policy: { rules: [] } })).code).toBe("permission_denied");
  expect((await client.post(path, { policy: { rules: [] }, limit: 501 })).code).toBe("invalid_input");
  const { text } = await client.get(`/api/v1/apps/${app.slug}/policy`);
  expect(JSON.parse(text)).toMatchObject({ version: 0, followsDesk: true });
});

it("two people approve: answers and pages say how many more are needed; an approval and a comment by REST", async () => {
  const app = await desk.app("careful-shop");
  const { client: admin } = await desk.operator("admin", app.slug);
  const policy = { rules: [{ when: {}, verdict: "ask", approvers: 2 }] };
  expect((await admin.send("PUT", `/api/v1/apps/${app.slug}/policy`, { policy })).status).toBe(200);
  const purchaseId = await desk.purchase(app.id);
  const asked = await admin.post("/api/v1/refunds", { purchaseId, amount: 100, currency: "usd" });
  const [, refundId] = /"id":"(rfd_\w+)"/.exec(asked.text) ?? [];
  const path = `/api/v1/refunds/${refundId}`;
  expect((await admin.post(`${path}/approve`, {})).code).toBe("own_request");
  const first = (await desk.operator("approver", app.slug)).client;
  const second = (await desk.operator("approver", app.slug)).client;
  expect((await first.post(`${path}/take-back`, {})).code).toBe("not_endorsed");
  const waiting = { refund: { status: "awaiting_approval", approvalsMissing: 1 } };
  expect(JSON.parse((await first.post(`${path}/approve`, {})).text)).toMatchObject(waiting);
  for (const page of [`/refunds/${refundId}`, "/approvals"]) {
    expect((await second.get(page)).text).toMatch(/1 of 2 approved, by [^;<]+; one more needed\./);
  }
  expect(JSON.parse((await first.post(`${path}/take-back`, {})).text)).toMatchObject({
    refund: { approvalsMissing: 2 },
  });
  await first.post(`${path}/approve`, {});
  expect(JSON.parse((await second.post(`${path}/approve`, {})).text)).toMatchObject({
    refund: { status: expect.not.stringMatching(/^awaiting/), approvalsMissing: 0 },
  });
  const viewer = (await desk.operator("viewer", app.slug)).client;
  expect((await viewer.post(`${path}/comments`, { text: " " })).code).toBe("invalid_input");
  expect((await viewer.post(`${path}/comments`, { text: "<b>Lin</b> called" })).status).toBe(201);
  expect(JSON.parse((await viewer.get(`${path}/comments`)).text)).toMatchObject({
    comments: [{ number: 1, text: "<b>Lin</b> called" }],
  });
  expect((await viewer.get(`/refunds/${refundId}`)).text).toContain("&lt;b&gt;Lin&lt;/b&gt; called");
  const stranger = (await desk.operator("viewer", (await desk.app("careless-shop")).slug)).client;
  expect((await stranger.get(`${path}/comments`)).code).toBe("refund_not_found");
});
