import type { Browser } from "./browser.ts";

/** The hidden fields of the consent page's form, as a browser would send them. */
function hiddenFields(page: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [tag] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    const value = /value="([^"]*)"/.exec(tag)?.[1] ?? "";
    if (name !== undefined) fields.append(name, decode(value));
  }
  return fields;
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function location(response: Response): string {
  const target = response.headers.get("location");
  if (target === null)
    throw new Error(`${response.url} answered ${response.status} where a redirect was expected.`);
  return target;
}

/**
 * Walks the OAuth consent page as the app's owner: from Redress to the sandbox, through its form, and
 * back into Redress's callback.
 *
 * @returns where the callback sends the operator
 */
export async function walkConsent(
  operator: Browser,
  request: { appSlug: string; accountId: string; decision: "connect" | "deny" },
): Promise<{ callback: string; location: string }> {
  const consentUrl = location(
    await operator.fetch(`/api/stripe/connect/authorize?appSlug=${request.appSlug}`),
  );
  const fields = hiddenFields(await (await operator.fetch(consentUrl)).text());
  fields.set("account", request.accountId);
  fields.set("decision", request.decision);
  const decided = await operator.fetch(new URL("/oauth/authorize/decision", consentUrl).href, {
    form: fields,
  });
  const callback = location(decided);
  return { callback, location: location(await operator.fetch(callback)) };
}
