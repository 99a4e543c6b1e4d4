import { afterAll, beforeAll, expect, test } from "vitest";
import { setPolicy } from "../policy/set-policy.ts";
import { askRefund } from "../testing/drive-refund.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { listAlike } from "./list-alike.ts";

// Decided together is only what one verdict left to people: the same app, rule, version and need for approval.
const actor = { kind: "operator", id: "opr_admin" } as const;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const above = (amount: number) => ({ amount: [{ currency: "eur", above: amount }] });

async function ruledApp(): Promise<TestApp> {
  const app = await harness.app();
  const rules = [
    { verdict: "ask", role: "admin", approvers: 2, when: above(8_000) },
    { verdict: "ask", role: "admin", when: above(5_000) },
  ];
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules } });
  return app;
}

async function ask(app: TestApp, amount: number): Promise<string> {
  return (await askRefund(harness, await harness.purchase({ app }), { amount })).id;
}

async function groupsOf(app: TestApp): Promise<string[][]> {
  const groups = await listAlike(harness.dependencies, { appIds: [app.id] });
  return groups.map(({ refunds }) => refunds.map(({ id }) => id).sort());
}

test("requests of one rule are a group; one alone, those of another rule, and those of two approvers are not in it", async () => {
  const app = await ruledApp();
  const same = [await ask(app, 6_000), await ask(app, 7_000)];
  await ask(app, 9_000);
  await ask(app, 9_500);
  await ask(app, 1_000);
  expect(await groupsOf(app)).toEqual([[...same].sort()]);
  const [group] = await listAlike(harness.dependencies, { appIds: [app.id] });
  expect(group?.explanation).toBe("Rule 2 asks an admin.");
});

test("a new version of the policy parts what it judges from what the old one judged", async () => {
  const app = await ruledApp();
  const old = [await ask(app, 6_000), await ask(app, 6_500)];
  const rules = [{ verdict: "ask", role: "admin", when: above(4_000) }];
  await setPolicy(harness.dependencies, { actor, owner: app, policy: { rules } });
  const young = [await ask(app, 6_000), await ask(app, 6_500), await ask(app, 6_600)];
  expect(await groupsOf(app)).toEqual([[...young].sort(), [...old].sort()]);
});

test("apps are never mixed, and those that the reader may not see are left out", async () => {
  const [one, other] = [await ruledApp(), await ruledApp()];
  await ask(one, 6_000);
  await ask(other, 6_000);
  expect(await groupsOf(one)).toEqual([]);
  expect(await listAlike(harness.dependencies, { appIds: [] })).toEqual([]);
});
