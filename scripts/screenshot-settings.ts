import { setTimeout as pause } from "node:timers/promises";
import { systemActor } from "@redress/core/actor";
import { getBulk } from "@redress/core/bulk/bulk-view";
import { requestBulk } from "@redress/core/bulk/request-bulk";
import { newId } from "@redress/core/ids";
import { createKey } from "@redress/core/keys/create-key";
import { newKeySchema } from "@redress/core/keys/key-input";
import { revokeKey } from "@redress/core/keys/revoke-key";
import { setPolicy } from "@redress/core/policy/set-policy";
import { operatorInvitations } from "@redress/database";
import type { Page } from "playwright-core";
import { sam } from "./demo/people.ts";
import type { World } from "./demo/world.ts";

const token = "for-the-picture-only";
const dayMs = 24 * 60 * 60 * 1000;

/** What the pages of settings show: keys, a policy with two versions, and somebody who was invited. */
export async function fillSettings(world: World): Promise<{ invitation: string; slug: string }> {
  const { dependencies } = world.redress.runtime;
  const [app] = world.apps;
  const { rows } = await world.database.query("select id from operators order by created_at limit 1");
  const operatorId: string = rows[0].id;
  const slug = app?.slug ?? "";
  const correlationId = newId(dependencies.random, "correlation");
  const mine = { ownerId: operatorId, correlationId };
  await createKey(dependencies, { ...newKeySchema.parse({ name: "Support agent" }), ...mine });
  const reading = { name: "Dashboard", permissions: ["purchases.read", "refunds.read"], apps: [slug] };
  await createKey(dependencies, { ...newKeySchema.parse(reading), ...mine });
  const { key } = await createKey(dependencies, { ...newKeySchema.parse({ name: "Old script" }), ...mine });
  await revokeKey(dependencies, { keyId: key.id, operatorId, correlationId });
  const actor = { kind: "operator", id: operatorId } as const;
  const old = { when: { ageInDays: { above: 90 } }, verdict: "refuse", reason: "We refund within 90 days." };
  const small = {
    name: "Small amounts",
    when: { amount: [{ currency: "usd", atMost: 2000 }] },
    verdict: "allow",
  };
  const disputed = { name: "Disputed", when: { dispute: ["open", "lost"] }, verdict: "ask", role: "admin" };
  for (const rules of [[small], [disputed, old, small]]) {
    const budgets = [{ per: "agent", period: "day", limit: { amount: 20_000, currency: "usd" } }];
    await setPolicy(dependencies, { actor, owner: { slug }, policy: { rules, budgets } });
  }
  const createdAt = dependencies.clock.now();
  await dependencies.database.insert(operatorInvitations).values({
    id: newId(dependencies.random, "invitation"),
    email: "lin@example.com",
    role: "approver",
    appId: null,
    tokenFingerprint: dependencies.secrets.fingerprints(token)[0],
    expiresAt: new Date(createdAt.getTime() + 7 * dayMs),
    invitedBy: systemActor("screenshots").id,
    createdAt,
  });
  return { invitation: `/invitation?token=${token}`, slug };
}

/** All that an app has sold, asked for as one list by somebody in support, and judged. @returns its id */
export async function askForList(world: World, slug: string): Promise<string> {
  const { dependencies } = world.redress.runtime;
  const { rows } = await world.database.query(
    `select p.id as purchase, p.app_id as app, (select id from operators where email = $2) as support
      from purchases p join apps a on a.id = p.app_id where a.slug = $1 order by p.purchased_at`,
    [slug, sam.email],
  );
  const [{ app: appId, support: id }] = rows;
  const { bulkRefundId } = await requestBulk(dependencies, {
    ...{
      appId,
      note: "The workshop of 24 November is cancelled",
      correlationId: newId(dependencies.random, "correlation"),
    },
    source: { kind: "rows", rows: [...rows, { purchase: "A-404" }].map(({ purchase }) => ({ purchase })) },
    requester: { kind: "operator", id },
  });
  while ((await getBulk(dependencies, { bulkRefundId })).status === "preparing") await pause(200);
  return bulkRefundId;
}

/** A draft that lets out more, tried on past requests. */
export async function tryDraft(page: Page): Promise<void> {
  await page.getByText("Change these rules").click();
  const amount = page.getByRole("textbox", { name: "At most, USD" });
  await amount.fill("90.00");
  await page.getByRole("button", { name: "Try on past requests" }).click();
  await page.getByLabel("Past requests under this draft").waitFor();
}
