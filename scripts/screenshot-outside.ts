import { createEmbedKey } from "@redress/core/embed/create-embed-key";
import { signToken } from "@redress/core/embed/embed.fixture";
import { newEmbedKeySchema } from "@redress/core/embed/embed-key-input";
import { newId } from "@redress/core/ids";
import { createPortalLink } from "@redress/core/portal/create-link";
import { newLinkSchema } from "@redress/core/portal/link-input";
import type { Page } from "playwright-core";
import { ada } from "./demo/people.ts";
import type { World } from "./demo/world.ts";

const panelMs = 4 * 60 * 1000;

/** A link for an app's developer that nobody has opened yet, as a path. */
export async function makePortalLink(world: World, slug: string): Promise<string> {
  const { url } = await createPortalLink(world.redress.runtime.dependencies, {
    ...newLinkSchema.parse({ name: "The shop's developer", expiresIn: "1d" }),
    ...(await byAdministrator(world)),
    slug,
  });
  return url.slice(world.redress.url.length);
}

/** Opens a link for an app's developer. */
export async function openPortal(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open" }).click();
  await page.waitForURL("**/portal");
}

/** One delivery of those that the developer sees. */
export async function openPortalDelivery(page: Page): Promise<void> {
  await openPortal(page);
  await page.locator('a[href^="/portal/deliveries/"]').first().click();
  await page.waitForURL("**/portal/deliveries/*");
}

/**
 * A helpdesk that may frame the panel.
 *
 * @param origin of the helpdesk
 * @returns the path of the panel for one look at the ticket of a customer who has bought something
 */
export async function addHelpdesk(
  world: World,
  origin = "https://acme.zendesk.com",
): Promise<() => Promise<string>> {
  const { dependencies } = world.redress.runtime;
  const { key, secret } = await createEmbedKey(dependencies, {
    ...newEmbedKeySchema.parse({ name: "Zendesk", origins: [origin] }),
    ...(await byAdministrator(world)),
  });
  return async () => {
    const { rows } = await world.database.query(
      `select customer_email as email from purchases p where customer_email is not null and dispute_status is null
          and not exists (select 1 from refunds where purchase_id = p.id) order by purchased_at desc limit 1`,
    );
    const email: string = rows[0].email;
    const now = dependencies.clock.now().getTime();
    const token = signToken(
      { keyId: key.id, secret },
      {
        ...{ email, operator: ada.email, jti: newId(dependencies.random, "correlation") },
        ...{ exp: Math.floor((now + panelMs) / 1000), ticket: "https://acme.zendesk.com/tickets/4711" },
      },
    );
    return `/embed/purchase?${new URLSearchParams({ email, token })}`;
  };
}

/** What asks for a refund in the panel: the first time it leads to the step that names recipient and amount. */
export const askInPanel = (page: Pick<Page, "getByRole">) =>
  page.getByRole("button", { name: /^(Refund|Ask for) / }).first();

/** The step that names recipient and amount. */
export async function reviewInPanel(page: Page): Promise<void> {
  await askInPanel(page).click();
  await page.getByRole("heading", { name: /^Refund .* to / }).waitFor();
}

async function byAdministrator(world: World): Promise<{ operatorId: string; correlationId: string }> {
  const { rows } = await world.database.query("select id from operators where email = $1", [ada.email]);
  return {
    operatorId: rows[0].id,
    correlationId: newId(world.redress.runtime.dependencies.random, "correlation"),
  };
}
