import type { CallbackQuery } from "./finish-connect.ts";

/**
 * Goes to the sandbox's consent page as a browser does, chooses an account and decides.
 *
 * @param choice.account an id, or `new`
 * @returns the query with which Stripe sends the browser back
 */
export async function decideAtStripe(
  url: string,
  choice: { decision: "connect" | "deny"; account?: string },
): Promise<CallbackQuery> {
  const page = await fetch(url);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`the consent page answered ${page.status}: ${html}`);
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) throw new Error("the consent page has no form");
  const form = new URLSearchParams({ account: choice.account ?? "new", decision: choice.decision });
  for (const [, name, value] of html.matchAll(
    /<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"/g,
  )) {
    if (name !== undefined && value !== undefined) form.set(name, unescapeHtml(value));
  }
  const answer = await fetch(new URL(action, url), { method: "POST", body: form, redirect: "manual" });
  const location = answer.headers.get("location");
  if (answer.status !== 302 || location === null) throw new Error(`no redirect: ${await answer.text()}`);
  return Object.fromEntries(new URL(location).searchParams);
}

function unescapeHtml(html: string): string {
  return html
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
}
