import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ada, type Person, sam } from "../scripts/demo/people.ts";
import { startWorld, type World } from "../scripts/demo/world.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";

/**
 * The main job as people do it, in a real browser: from the first visit through Stripe's consent page to
 * "Access revoked" on the customer's page. Protects that each page leads to the next, and that the three
 * parts (Stripe's ledger, the desk, the shop) agree at the end.
 */
describe.skipIf(chromiumPath === null)("the main job in a browser", () => {
  let testDatabase: TestDatabase;
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    world = await startWorld({
      say: () => {},
      connectionString: testDatabase.connectionString,
      anyPorts: true,
    });
    browser = await launchChromium(chromiumPath ?? "");
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await world?.close();
    await testDatabase?.drop();
  });

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({
      baseURL: world.redress.url,
      viewport: { width: 1280, height: 800 },
    });
    return context.newPage();
  }

  async function signIn(person: Person): Promise<Page> {
    const page = await newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    return page;
  }

  async function setUpDesk(): Promise<Page> {
    const page = await newPage();
    await page.goto("/");
    await page.waitForURL("**/setup");
    await page.getByLabel("Your name").fill(ada.name);
    await page.getByLabel("E-mail address").fill(ada.email);
    await page.getByLabel("Password").fill(ada.password);
    await page.getByRole("main").getByRole("button").last().click();
    await page.waitForURL((url) => url.pathname !== "/setup");
    return page;
  }

  async function hireSam(page: Page): Promise<void> {
    await page.goto("/settings/people");
    const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Add person" }) });
    await openFold(page, "Add a person");
    await form.getByLabel("Name", { exact: true }).fill(sam.name);
    await form.getByLabel("E-mail address").fill(sam.email);
    await form.getByLabel("First password").fill(sam.password);
    await form.getByLabel("Role").selectOption("agent");
    await form.getByRole("button", { name: "Add person" }).click();
    await page.getByText(sam.email).first().waitFor();
  }

  /** Forms that are rarely needed are folded away. */
  async function openFold(page: Page, title: string): Promise<void> {
    const summary = page.locator("summary").filter({ hasText: title });
    await summary.waitFor();
    if ((await page.locator("details[open] > summary").filter({ hasText: title }).count()) === 0)
      await summary.click();
  }

  async function addApp(page: Page): Promise<string> {
    const [app] = world.apps;
    if (app === undefined) throw new Error("no app");
    await page.goto("/settings/integrations");
    const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Add app" }) });
    await openFold(page, "Add an app");
    await form.getByLabel("Slug").fill(app.slug);
    await form.getByLabel("Name", { exact: true }).fill(app.name);
    await form.getByLabel("Notification address").fill(`http://127.0.0.1:${app.shopPort}/redress`);
    await form.getByRole("button", { name: "Add app" }).click();
    const secret = await page
      .getByText(/^whsec_/)
      .first()
      .textContent();
    if (secret === null) throw new Error("no notification secret was shown");
    return secret.trim();
  }

  async function connect(page: Page, decision: "Cancel" | "Connect my Stripe account"): Promise<void> {
    await page.goto("/settings/integrations");
    await page.getByRole("link", { name: "Connect with Stripe" }).click();
    await page.getByText("Stripe sandbox").first().waitFor();
    const [app] = world.apps;
    await page.locator(`input[name="account"][value="${app?.accountId}"]`).check();
    await page.getByRole("button", { name: decision }).click();
    await page.waitForURL("**/settings/integrations?*");
  }

  it("goes from sign-in through the consent page to revoked access", { timeout: 180_000 }, async () => {
    const [app] = world.apps;
    if (app === undefined) throw new Error("no app");
    const admin = await setUpDesk();
    await hireSam(admin);
    const secret = await addApp(admin);
    await connect(admin, "Cancel");
    await admin.locator('[data-connect-error="denied"]').waitFor();
    await connect(admin, "Connect my Stripe account");
    await admin.getByText("is connected.").waitFor();
    await admin.getByText(`${app.purchaseCount} imported`).waitFor();
    const shop = await world.openShop(app, secret);

    // Sam finds the purchase and asks.
    const support = await signIn(sam);
    await support.goto("/purchases");
    await support.locator('main a[href^="/purchases/pur_"]').first().click();
    await support.waitForURL("**/purchases/pur_*");
    await support.getByRole("button", { name: "Review refund" }).click();
    await support.getByRole("button", { name: /^Refund / }).click();
    await support.waitForURL("**/refunds/rfd_*");
    const refundPath = new URL(support.url()).pathname;
    const refundId = refundPath.split("/").at(-1) ?? "";
    expect(await support.getByRole("button", { name: /^Approve/ }).count()).toBe(0);

    // Back shows the purchase as it is now, not as the browser kept it.
    await support.goBack();
    await support.getByText("Nothing is left to refund").waitFor();

    // Ada decides.
    await admin.goto(refundPath);
    await admin.getByRole("link", { name: "Approvals 1 waiting" }).waitFor();
    await admin.getByRole("button", { name: /^Approve/ }).click();
    await admin
      .getByText(/access revoked|has changed the customer/i)
      .first()
      .waitFor({ timeout: 30_000 });
    await admin.getByRole("link", { name: "Approvals", exact: true }).waitFor();

    const { accounts } = await world.sandbox.admin.ledger();
    const made = accounts[app.accountId]?.refunds ?? [];
    expect(made.map(({ metadata, status }) => [metadata?.redress_refund_id, status])).toEqual([
      [refundId, "succeeded"],
    ]);

    const { rows } = await world.database.query(
      "select p.customer_email, p.access, r.status from refunds r join purchases p on p.id = r.purchase_id where r.id = $1",
      [refundId],
    );
    expect(rows).toEqual([{ customer_email: expect.any(String), access: "revoked", status: "succeeded" }]);

    const customer = await newPage();
    await customer.goto(`${shop.url}/customers/${encodeURIComponent(rows[0].customer_email)}`);
    await customer.getByText("Access revoked").waitFor();
  });
});
