import type { Page } from "playwright-core";
import type { World } from "./demo/world.ts";
import {
  addHelpdesk,
  makePortalLink,
  openPortal,
  openPortalDelivery,
  reviewInPanel,
} from "./screenshot-outside.ts";
import { askForList, fillSettings, tryDraft } from "./screenshot-settings.ts";

/** A page of the desk, as it is after the story. */
export interface PictureOf {
  readonly name: string;
  /** Made anew for each look where it works once, or for minutes. */
  readonly path: string | (() => Promise<string>);
  readonly signedIn: boolean;
  /** Of these docs/screens has the two views that differ most, and a run for their name alone makes all four. */
  readonly isPair?: boolean;
  readonly prepare?: (page: Page) => Promise<void>;
}

const pair = { signedIn: false, isPair: true } as const;

/** Pages without a session first, then those of someone signed in. */
export async function listPages(world: World): Promise<PictureOf[]> {
  const { invitation, slug } = await fillSettings(world);
  const policies = `/settings/policies?app=${slug}`;
  const setUp = `/settings/integrations/${slug}`;
  const one = async (query: string) => (await world.database.query(query)).rows[0]?.id ?? "";
  const failed = await one("select id from refunds where status = 'failed' limit 1");
  const approved = await one(
    `select r.id from refunds r join approvals a on a.refund_id = r.id
      where r.status = 'succeeded' and a.decided_by_kind = 'operator' order by r.amount desc limit 1`,
  );
  const open = await one("select id from refunds where status = 'awaiting_approval' limit 1");
  const alike = await one(
    `select max(id) as id from refunds where status = 'awaiting_approval'
      group by app_id, currency order by count(*) desc limit 1`,
  );
  const purchase = await one(
    `select p.id from purchases p join refunds r on r.purchase_id = p.id where r.amount = 2500 and r.status = 'succeeded' limit 1`,
  );
  const warned = await one("select purchase_id as id from refund_proposals limit 1");
  const disputed = await one("select id from purchases where dispute_due_at is not null limit 1");
  const list = await askForList(world, slug);
  const event = await one(
    "select id from stripe_events where type like 'refund.%' and status = 'handled' limit 1",
  );
  const told = await one("select id from notifications where type = 'refund.failed' limit 1");
  const panel = await addHelpdesk(world);
  const portal = () => makePortalLink(world, slug);
  return [
    { name: "sign-in", path: "/sign-in", signedIn: false },
    { ...pair, name: "sign-in-code", path: "/sign-in/code" },
    { ...pair, name: "forgot-password", path: "/forgot-password" },
    { ...pair, name: "reset-password", path: "/reset-password?token=for-the-picture-only" },
    { ...pair, name: "invitation", path: invitation },
    { ...pair, name: "reference", path: "/api/v1/reference" },
    { name: "home", path: "/", signedIn: true },
    { name: "needs-you", path: "/needs-you", signedIn: true },
    { name: "purchases", path: "/purchases", signedIn: true },
    { name: "purchase", path: `/purchases/${purchase}`, signedIn: true },
    { name: "purchase-warned", path: `/purchases/${warned}`, signedIn: true },
    { ...pair, name: "purchase-disputed", path: `/purchases/${disputed}`, signedIn: true },
    { name: "refunds", path: "/refunds", signedIn: true },
    { name: "refund", path: `/refunds/${approved}`, signedIn: true },
    { ...pair, name: "refund-failed", path: `/refunds/${failed}`, signedIn: true },
    { name: "refund-awaiting", path: `/refunds/${open}`, signedIn: true },
    { name: "approvals", path: "/approvals", signedIn: true },
    { ...pair, name: "together", path: `/approvals/together?like=${alike}`, signedIn: true },
    { ...pair, name: "bulk-refunds", path: "/bulk-refunds", signedIn: true },
    { name: "bulk-refund", path: `/bulk-refunds/${list}`, signedIn: true },
    { ...pair, name: "disputes", path: "/disputes", signedIn: true },
    { name: "reconciliation", path: "/reconciliation", signedIn: true },
    { name: "integrations", path: "/settings/integrations", signedIn: true },
    { ...pair, name: "set-up", path: setUp, signedIn: true, prepare: async () => {} },
    { name: "people", path: "/settings/people", signedIn: true },
    { ...pair, name: "account", path: "/account", signedIn: true },
    { ...pair, name: "slack", path: "/settings/slack", signedIn: true },
    { ...pair, name: "keys", path: "/settings/keys", signedIn: true },
    { ...pair, name: "helpdesk", path: "/settings/helpdesk", signedIn: true },
    { ...pair, name: "data", path: "/settings/data", signedIn: true },
    { name: "health", path: "/settings/health", signedIn: true },
    { ...pair, name: "policies", path: policies, signedIn: true },
    { ...pair, name: "policy-draft", path: policies, signedIn: true, prepare: tryDraft },
    { name: "audit", path: "/audit", signedIn: true },
    { name: "events", path: "/events", signedIn: true },
    { ...pair, name: "event", path: `/events/${event}`, signedIn: true },
    { name: "deliveries", path: "/deliveries", signedIn: true },
    { name: "delivery", path: `/deliveries/${told}`, signedIn: true },
    { ...pair, name: "portal-open", path: portal },
    { ...pair, name: "portal", path: portal, prepare: openPortal },
    { ...pair, name: "portal-delivery", path: portal, prepare: openPortalDelivery },
    { ...pair, name: "panel", path: panel },
    { ...pair, name: "panel-confirm", path: panel, prepare: reviewInPanel },
  ];
}

/** Opens a page as it is listed, and waits until it stands. */
export async function visit(page: Page, { path }: PictureOf): Promise<void> {
  await page.goto(typeof path === "string" ? path : await path());
  await settle(page);
}

/** Waits until a page stands as its reader sees it. It never falls silent: it listens for changes. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  // It may come after the page itself.
  await page.waitForFunction(() => document.title !== "");
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  });
}
