import type { BrowserContext, Page } from "playwright-core";
import { ada } from "./demo/people.ts";
import type { World } from "./demo/world.ts";

/** Signs in as the administrator of the demo. */
export async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(ada.email);
  await page.getByLabel("Password").fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Refunds that no webhook told, and a comparison that finds them: what the page of reconciliation is for. */
export async function compareBooks(world: World, context: BrowserContext): Promise<void> {
  const { admin, origin } = world.sandbox;
  const { accounts } = await admin.listAccounts();
  await admin.setDelivery({ mode: "drop" });
  for (const { accountId } of world.apps) {
    const secretKey = accounts.find(({ id }) => id === accountId)?.secretKey;
    const { rows } = await world.database.query(
      `select stripe_charge_id, amount_captured from purchases p where stripe_account_id = $1
        and not exists (select 1 from refunds where purchase_id = p.id) order by purchased_at limit 2`,
      [accountId],
    );
    for (const { stripe_charge_id: charge, amount_captured: amount } of rows) {
      await fetch(`${origin}/v1/refunds`, {
        method: "POST",
        headers: { authorization: `Bearer ${secretKey}` },
        body: new URLSearchParams({ charge, amount }),
      });
    }
  }
  await admin.setDelivery({ mode: "normal" });
  const page = await context.newPage();
  await signIn(page);
  await page.goto("/reconciliation");
  for (const { slug } of world.apps) {
    const row = page.locator(`[data-app="${slug}"]`);
    await row.getByRole("button", { name: "Compare now" }).click();
    await row.locator('[data-comparison="done"]:visible').waitFor({ timeout: 60_000 });
  }
  await failOne(world, page);
}

/** One of them fails after all, so that something needs a person. */
async function failOne(world: World, page: Page): Promise<void> {
  const { rows } = await world.database.query(
    `select stripe_refund_id, stripe_account_id from refunds
      where origin = 'stripe' and status = 'succeeded' limit 1`,
  );
  for (const { stripe_refund_id: refund, stripe_account_id: account } of rows) {
    await world.sandbox.admin.advanceRefund(refund, { account, status: "failed" });
  }
  await page.goto("/needs-you");
  await page.locator('[data-alert="failed"]').waitFor({ timeout: 60_000 });
  await warnOfOne(world, page);
  await page.close();
}

/** A bank suspects fraud, so that a refund is proposed. */
async function warnOfOne(world: World, page: Page): Promise<void> {
  const { rows } = await world.database.query(
    `select stripe_charge_id, stripe_account_id from purchases p
      where not exists (select 1 from refunds where purchase_id = p.id) and customer_name ~ '^[A-Za-z ]+$'
      order by purchased_at desc limit 1`,
  );
  for (const { stripe_charge_id: charge, stripe_account_id: account } of rows) {
    await world.sandbox.admin.createEarlyFraudWarning({
      account,
      charge,
      fraud_type: "made_with_stolen_card",
    });
  }
  await page.goto("/needs-you");
  await page.locator("[data-proposal]").waitFor({ timeout: 60_000 });
  await disputeTwo(world, page);
}

/** Banks dispute two payments, so that evidence is due; of one it was sent. */
async function disputeTwo(world: World, page: Page): Promise<void> {
  const { rows } = await world.database.query(
    `select id, stripe_charge_id, stripe_account_id from purchases p
      where not exists (select 1 from refunds where purchase_id = p.id)
        and not exists (select 1 from refund_proposals where purchase_id = p.id)
        and customer_name ~ '^[A-Za-z ]+$'
      order by purchased_at desc, id limit 2`,
  );
  const { stripe } = world.redress.runtime.dependencies;
  for (const [index, { id, stripe_charge_id: charge, stripe_account_id: account }] of rows.entries()) {
    const dispute = await world.sandbox.admin.createDispute({ account, charge });
    await page.goto(`/purchases/${id}`);
    if (index > 0) {
      const sent = { evidence: { uncategorized_text: "It took place." }, submit: true };
      await stripe.disputes.update(dispute.id, sent, { stripeAccount: account });
    }
    const words = index > 0 ? "under review" : "Evidence due by";
    await expectSoon(page, words);
  }
}

/** Looks again until the page says it: a webhook is on its way. */
async function expectSoon(page: Page, words: string): Promise<void> {
  for (let look = 0; look < 60; look += 1) {
    await page.reload();
    if ((await page.getByText(words).count()) > 0) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`the page never said "${words}"`);
}

/** Somebody stops the refunds of an app, which every page says from then on: the last pictures. */
export async function stopOne(world: World, page: Page): Promise<void> {
  const card = page.locator(`[data-app="${world.apps[0]?.slug}"]`);
  await page.goto("/settings/integrations");
  await card.getByText("Stop all refunds", { exact: true }).click();
  await card.getByLabel("Why").fill("A key of the support agent was in a public log.");
  await card.getByRole("button", { name: /^Stop all refunds of/ }).click();
  await page.getByText("are stopped.").waitFor();
}
