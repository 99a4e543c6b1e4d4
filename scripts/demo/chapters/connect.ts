import type { ShopServer } from "@redress/example-connected-app";
import type { Browser } from "../browser.ts";
import { walkConsent } from "../consent.ts";
import { chapter, eventually, expectEqual, step } from "../report.ts";
import type { DemoApp } from "../seed.ts";
import type { World } from "../world.ts";

interface App {
  connection: { stripeAccountId: string } | null;
  import: { status: string; importedCount: number };
}

/** Creates the apps, connects each to its own account through the consent page, and opens their shops. */
export async function connectApps(world: World, admin: Browser) {
  chapter("Connect");
  const shops = new Map<string, { app: DemoApp; shop: ShopServer }>();
  for (const [index, app] of world.apps.entries()) {
    const secret = await createApp(admin, app);
    if (index === 0) await refuseFirst(admin, app);
    const { location } = await walkConsent(admin, {
      appSlug: app.slug,
      accountId: app.accountId,
      decision: "connect",
    });
    expectEqual("The callback", new URL(location).searchParams.get("success"), "connected");

    const connected = await eventually(`The import of ${app.name}`, async () => {
      const { app: view } = await admin.call<{ app: App }>("GET", `/api/v1/apps/${app.slug}`);
      return view.import.status === "done" && view;
    });
    expectEqual(`${app.name}'s account`, connected.connection?.stripeAccountId, app.accountId);
    const { rows } = await world.database.query(
      "select count(*)::int as count from purchases where stripe_account_id = $1",
      [app.accountId],
    );
    expectEqual(`${app.name}'s purchases`, rows[0]?.count, app.purchaseCount);
    shops.set(app.slug, { app, shop: await world.openShop(app, secret) });
    step(`${app.name} connected through Stripe's consent page; its purchases are in`, {
      account: app.accountId,
      purchases: app.purchaseCount,
    });
  }
  return shops;
}

async function createApp(admin: Browser, app: DemoApp): Promise<string> {
  const { notificationSecret } = await admin.call<{ notificationSecret: string }>("POST", "/api/v1/apps", {
    slug: app.slug,
    name: app.name,
    contactEmail: app.contactEmail,
    websiteUrl: app.websiteUrl,
    productDescription: app.productDescription,
    notificationUrl: `http://127.0.0.1:${app.shopPort}/redress`,
    approvalRules: app.approvalRules,
  });
  return notificationSecret;
}

async function refuseFirst(admin: Browser, app: DemoApp): Promise<void> {
  const { location } = await walkConsent(admin, {
    appSlug: app.slug,
    accountId: app.accountId,
    decision: "deny",
  });
  expectEqual("The callback", new URL(location).searchParams.get("error"), "denied");
  step(`${app.name}'s owner first said no: told so, nothing changed`, { error: "denied" });
}
