import { createServer } from "node:http";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { createTestDatabase, type TestDatabase } from "@redress/database/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ada, type Person, sam } from "../scripts/demo/people.ts";
import { tellStory } from "../scripts/demo/story.ts";
import { startWorld, type World } from "../scripts/demo/world.ts";
import { addHelpdesk, askInPanel } from "../scripts/screenshot-outside.ts";
import { listPages, type PictureOf, settle, visit } from "../scripts/screenshot-pages.ts";
import { compareBooks } from "../scripts/screenshot-story.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const axeSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/**
 * The console as its people have it, in a real browser on a desk where things have happened. Protects that every page
 * can be read by everybody (axe, both themes), fits a phone, that the main tasks need no mouse, and that pages follow
 * what happens without being loaded again.
 */
describe.skipIf(chromiumPath === null)("the console in a browser", () => {
  let testDatabase: TestDatabase;
  let world: World;
  let browser: Browser;
  let pages: readonly PictureOf[];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    world = await startWorld({
      say: () => {},
      connectionString: testDatabase.connectionString,
      anyPorts: true,
    });
    browser = await launchChromium(chromiumPath ?? "");
    const { askForMore } = await tellStory(world);
    await askForMore();
    const context = await newContext({});
    await compareBooks(world, context);
    await context.close();
    pages = await listPages(world);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await world?.close();
    await testDatabase?.drop();
  });

  const newContext = (options: NonNullable<Parameters<Browser["newContext"]>[0]>): Promise<BrowserContext> =>
    browser.newContext({ baseURL: world.redress.url, viewport: { width: 1280, height: 800 }, ...options });

  /** Signs in with nothing but the keyboard. */
  async function signIn(context: BrowserContext, { email, password }: Person): Promise<Page> {
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").focus();
    await page.keyboard.type(email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    return page;
  }

  /** A theme changes colours and nothing else: in the dark only these are judged again. */
  async function seriousViolations(page: Page, theme: "light" | "dark"): Promise<string[]> {
    await page.addScriptTag({ path: axePath });
    const rules = theme === "dark" ? ", runOnly: ['color-contrast', 'link-in-text-block']" : "";
    const found: unknown = await page.evaluate(`axe.run(document, { resultTypes: ['violations']${rules} })`);
    return axeSchema
      .parse(found)
      .violations.flatMap(({ id, impact, nodes }) =>
        impact === "serious" || impact === "critical"
          ? nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`)
          : [],
      );
  }

  it.each(["light", "dark"] as const)(
    "has no serious or critical violation that axe finds, on any page (%s)",
    { timeout: 240_000 },
    async (colorScheme) => {
      const guest = await newContext({ colorScheme, bypassCSP: true });
      const member = await newContext({ colorScheme, bypassCSP: true });
      const signedIn = await signIn(member, ada);
      const signedOut = await guest.newPage();
      const broken: Record<string, string[]> = {};
      for (const picture of pages) {
        const { name, prepare } = picture;
        const page = ["sign-in", "forgot-password", "sign-in-code", "reset-password", "invitation"].includes(
          name,
        )
          ? signedOut
          : signedIn;
        await visit(page, picture);
        await prepare?.(page);
        const violations = await seriousViolations(page, colorScheme);
        if (violations.length > 0) broken[name] = violations;
      }
      expect(broken).toEqual({});
      await guest.close();
      await member.close();
    },
  );

  it("fits 390 px and 2560 px: no page scrolls sideways", { timeout: 120_000 }, async () => {
    const context = await newContext({});
    const page = await signIn(context, ada);
    const wide: Record<string, number> = {};
    for (const picture of pages.filter(({ name }) => name !== "reference")) {
      const { name } = picture;
      await visit(page, picture);
      await picture.prepare?.(page);
      for (const width of [2560, 390]) {
        await page.setViewportSize({ width, height: 844 });
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (over > 0) wide[`${name} at ${width} px`] = over;
      }
    }
    expect(wide).toEqual({});
    await context.close();
  });

  it("refunds a purchase and empties the queue with the keyboard alone, and both sides see it without a reload", {
    timeout: 120_000,
  }, async () => {
    const supportContext = await newContext({});
    const approverContext = await newContext({});
    const support = await signIn(supportContext, sam);
    const approver = await signIn(approverContext, ada);
    await emptyQueue(approver);

    const { rows } = await world.database.query(
      `select customer_email from purchases p where customer_email is not null and currency = 'usd'
          and not exists (select 1 from refunds where purchase_id = p.id) and dispute_status is null
          order by purchased_at desc limit 1`,
    );
    const email: string = rows[0].customer_email;
    await support.keyboard.press("Control+k");
    await support.keyboard.type(email);
    await support.getByRole("option").filter({ hasText: email }).first().waitFor();
    await support.keyboard.press("Enter");
    await support.waitForURL("**/purchases/pur_*");
    await support.getByText("Needs one approver.").waitFor();
    await support.getByLabel("Amount").focus();
    await support.keyboard.press("Control+a");
    await support.keyboard.type("50%");
    await support.getByText("stays refundable").waitFor();
    // Enter in the amount reviews, as its button would.
    await support.keyboard.press("Enter");
    await support.getByRole("button", { name: /^Refund \$/ }).waitFor();
    await support.getByRole("button", { name: /^Refund \$/ }).focus();
    await support.keyboard.press("Enter");
    await support.waitForURL("**/refunds/rfd_*");
    await support.goto("/purchases");

    // The queue is open already, and the request comes by itself.
    const request = approver.locator("details[data-refund]");
    await request.waitFor();
    await approver.keyboard.press("a");
    await approver.getByRole("button", { name: /^Approve \$/ }).waitFor();
    expect(await approver.evaluate(() => document.activeElement?.textContent)).toMatch(/^Approve \$/);
    await approver.keyboard.press("Enter");
    await approver.getByText("Nothing waits for you").waitFor();

    // Whoever asked is told, wherever they are.
    await support.getByRole("list", { name: "What became of your refunds" }).getByText("Refunded").waitFor();
    await supportContext.close();
    await approverContext.close();
  });

  /** Keys work once a page has come to life, which nothing on it tells: they are pressed until they are heard. */
  async function pressUntil(page: Page, keys: readonly string[], heard: () => Promise<void>): Promise<void> {
    for (let look = 0; look < 30; look += 1) {
      for (const key of keys) await page.keyboard.press(key);
      const wasHeard = await heard().then(
        () => true,
        () => false,
      );
      if (wasHeard) return;
    }
    throw new Error(`no key was heard: ${keys.join(" ")}`);
  }

  /** Rejects whatever waits: R leads to the note, Ctrl with Enter sends it, and the next request has the focus. */
  async function emptyQueue(page: Page): Promise<void> {
    await pressUntil(page, ["g", "a"], () => page.waitForURL("**/approvals", { timeout: 1000 }));
    const requests = page.locator("details[data-refund]");
    await requests.first().waitFor();
    await pressUntil(page, ["j"], () => page.locator("summary:focus").waitFor({ timeout: 1000 }));
    for (let left = await requests.count(); left > 0; left -= 1) {
      await page.keyboard.press("r");
      await page.locator("textarea[name=note]:focus").waitFor();
      await page.keyboard.type("Outside of the guarantee.");
      await page.keyboard.press("Control+Enter");
      await page.waitForFunction(
        (most) => document.querySelectorAll("details[data-refund]").length < most,
        left,
      );
    }
    await page.getByText("Nothing waits for you").waitFor();
  }

  it("says so when no answer comes to a confirmed refund, keeps it, and asks once", {
    timeout: 60_000,
  }, async () => {
    const support = await signIn(await newContext({}), sam);
    const { rows } = await world.database.query(
      `select p.id from purchases p where currency = 'usd' and dispute_status is null
        and not exists (select 1 from refunds where purchase_id = p.id) order by purchased_at desc limit 1`,
    );
    const purchaseId: string = rows[0].id;
    await support.goto(`/purchases/${purchaseId}`);
    // A part: of the whole the page would soon show the refund and nothing left to ask for, as it should.
    await support.getByLabel("Amount").fill("50%");
    await support.getByRole("button", { name: "Review refund" }).click();
    const confirm = support.getByRole("button", { name: /^Refund \$/ });
    await confirm.waitFor();
    // The request arrives, and its answer does not.
    let reached = 0;
    await support.route("**/purchases/*", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch({ maxRedirects: 0 });
      reached += 1;
      await route.abort("connectionreset");
    });
    await confirm.click();
    await support.locator('[data-error-code="connection_lost"]').waitFor();
    await support.unroute("**/purchases/*");
    await confirm.click();
    await support.waitForURL("**/refunds/rfd_*");
    expect(reached).toBe(1);
    const count = await world.database.query(
      "select count(*)::int as n from refunds where purchase_id = $1",
      [purchaseId],
    );
    expect(count.rows[0].n).toBe(1);
    await support.context().close();
  });

  /** Asks for all that is left of a purchase. @returns the refund's id */
  async function askFor(page: Page, purchaseId: string): Promise<string> {
    await page.goto(`/purchases/${purchaseId}`);
    await page.getByRole("button", { name: "Review refund" }).click();
    await page.getByRole("button", { name: /^Refund \$/ }).click();
    await page.waitForURL("**/refunds/rfd_*");
    return new URL(page.url()).pathname.slice("/refunds/".length);
  }

  it("approves what has one verdict together, exactly those that stay ticked", {
    timeout: 60_000,
  }, async () => {
    const [app] = world.apps;
    const support = await signIn(await newContext({}), sam);
    const { rows } = await world.database.query(
      `select p.id from purchases p join apps a on a.id = p.app_id where a.slug = $1 and currency = 'usd'
        and not exists (select 1 from refunds where purchase_id = p.id) and dispute_status is null
        order by purchased_at desc limit 4`,
      [app?.slug],
    );
    const [late, ...first] = rows;
    for (const { id } of first) await askFor(support, id);
    await support.context().close();
    const approver = await signIn(await newContext({}), ada);
    await approver.goto("/approvals");
    const group = approver.locator("li").filter({ hasText: `3 of ${app?.name} have one verdict` });
    await group.getByRole("link", { name: "Decide together" }).click();
    const leftOut = await approver.getByRole("checkbox").first().getAttribute("name");
    await approver.getByRole("checkbox").first().uncheck();
    // One that comes while they are read is not slipped under the button.
    const latecomer = await askFor(await signIn(await newContext({}), sam), late.id);
    await approver.getByText("One more has come since.").waitFor();
    await approver.getByRole("button", { name: /^Approve 2 refunds, \$/ }).click();
    await approver.getByText("2 requests approved").waitFor();
    await approver.getByText("What is approved goes to Stripe now, each by itself.").waitFor();
    const waiting = await world.database.query(
      "select id from refunds where status = 'awaiting_approval' and purchase_id = any ($1)",
      [[late, ...first].map(({ id }) => id)],
    );
    expect(waiting.rows.map(({ id }) => id).sort()).toEqual(
      [latecomer, String(leftOut).slice("refund:".length)].sort(),
    );
    await approver.context().close();
  });

  it("shows the apps that were chosen, and says what waits in the others", { timeout: 60_000 }, async () => {
    const [shown, hidden] = world.apps;
    const page = await signIn(await newContext({}), ada);
    await page.goto("/purchases");
    await page.locator("summary").filter({ hasText: "All apps" }).click();
    await page.getByRole("checkbox", { name: hidden?.name ?? "" }).uncheck();
    await page.getByRole("button", { name: "Show these" }).click();
    await page
      .locator("summary")
      .filter({ hasText: shown?.name ?? "" })
      .waitFor();
    await page.goto("/refunds");
    await settle(page);
    const cells = await page.locator("tbody tr").allInnerTexts();
    expect(cells.length).toBeGreaterThan(0);
    expect(cells.filter((text) => text.includes(hidden?.name ?? ""))).toEqual([]);
    await page.context().close();
  });

  it("keeps all that was chosen in a form that is refused: nobody is invited for more than was meant", {
    timeout: 60_000,
  }, async () => {
    const page = await signIn(await newContext({}), ada);
    await page.goto("/settings/people");
    await page.locator("summary").filter({ hasText: "Invite" }).click();
    const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Invite" }) });
    await form.getByLabel("E-mail address").fill(sam.email);
    await form.getByLabel("Role").selectOption("approver");
    await form.getByLabel("In", { exact: true }).selectOption({ index: 1 });
    const app = await form.getByLabel("In", { exact: true }).inputValue();
    await form.getByRole("button", { name: "Invite" }).click();
    await form.locator("[data-error-code]").waitFor();
    expect(await form.getByLabel("Role").inputValue()).toBe("approver");
    expect(await form.getByLabel("In", { exact: true }).inputValue()).toBe(app);
    await page.context().close();
  });

  it("lets in without scripts who was invited, from a page that names itself to nobody", {
    timeout: 60_000,
  }, async () => {
    const context = await newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const invitation = pages.find(({ name }) => name === "invitation")?.path;
    await page.goto(String(invitation));
    await page.getByLabel("Your name").fill("Lin Invited");
    await page.getByLabel("Password").fill("a-long-enough-password-1");
    await page.getByRole("button").last().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/invitation"));
    await page.goto("/approvals");
    await page.getByRole("heading", { name: "Approvals" }).waitFor();
    await context.close();
  });

  it("sends less than 250 KB of scripts with the list of refunds, compressed", {
    timeout: 60_000,
  }, async () => {
    const page = await signIn(await newContext({}), ada);
    // As one who has never been here: nothing comes from the browser's own store.
    const fresh = await newContext({ storageState: await page.context().storageState() });
    const list = await fresh.newPage();
    const scripts: Promise<Buffer>[] = [];
    list.on("response", (answer) => {
      if (answer.request().resourceType() === "script") scripts.push(answer.body());
    });
    await list.goto("/refunds");
    await list.waitForLoadState("load");
    const bytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(250_000);
    await Promise.all([fresh.close(), page.context().close()]);
  });

  it("asks for a refund in a helpdesk's frame, and shows nothing in the frame of another site", {
    timeout: 60_000,
  }, async () => {
    // Stands for the helpdesk's page: all it has is a frame with the address that its server signed.
    let address = "";
    const sites = await Promise.all(
      [0, 1].map(async () => {
        const server = createServer((_, answer) => {
          answer.setHeader("content-type", "text/html; charset=utf-8");
          answer.end(
            `<!doctype html><title>Ticket</title><iframe width="320" height="700" src="${address}"></iframe>`,
          );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const place = server.address();
        if (place === null || typeof place === "string") throw new Error("the site has no port");
        return { server, origin: `http://127.0.0.1:${place.port}` };
      }),
    );
    const [helpdesk, stranger] = sites.map(({ origin }) => origin);
    const panel = await addHelpdesk(world, helpdesk);
    const page = await (await newContext({})).newPage();
    const inFrame = page.frameLocator("iframe");
    try {
      address = `${world.redress.url}${(await panel()).replaceAll("&", "&amp;")}`;
      await page.goto(`${stranger}`);
      await page.waitForLoadState("load");
      expect(await askInPanel(inFrame).count()).toBe(0);
      await page.goto(`${helpdesk}`);
      await askInPanel(inFrame).click();
      await inFrame.getByRole("heading", { name: /^Refund .* to / }).waitFor();
      await askInPanel(inFrame).click();
      await inFrame.getByRole("status").waitFor();
      const { rows } = await world.database.query(
        "select details->>'via' as via from audit_logs where action = 'refund_requested' order by id desc limit 1",
      );
      expect(rows).toEqual([{ via: "embed" }]);
    } finally {
      await page.context().close();
      for (const { server } of sites) server.close();
    }
  });
});
