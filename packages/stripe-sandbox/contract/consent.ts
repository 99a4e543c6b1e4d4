import type { RawResponse, Target } from "./target.ts";

export const redirectUri = "http://127.0.0.1:9/callback";

/** The page on which a merchant agrees to be connected, as a browser without JavaScript sees it. */
export interface Consent {
  html: string;
  /** Values of every named field except buttons and unchosen options. */
  fields: Map<string, string>;
  /** Presses a button; answers where Stripe sends the browser. */
  decide(decision: "connect" | "deny", account?: string): Promise<URL>;
}

/** Asks for the authorize page; the answer is a page or an error in place. */
export function authorizePage(target: Target, params: Record<string, string>): Promise<RawResponse> {
  const query = new URLSearchParams(params).toString();
  return target.raw("GET", `/oauth/authorize?${query}`, { authorization: null });
}

/** A well-formed request to authorize; `undefined` leaves a parameter out. */
export async function authorizeParams(
  target: Target,
  changes: Record<string, string | undefined> = {},
): Promise<Record<string, string>> {
  const { clientId } = await target.admin.platform();
  const all = {
    client_id: clientId,
    response_type: "code",
    scope: "read_write",
    redirect_uri: redirectUri,
    state: "s-1",
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export async function openConsent(
  target: Target,
  changes: Record<string, string | undefined> = {},
): Promise<Consent> {
  const answer = await authorizePage(target, await authorizeParams(target, changes));
  if (answer.status !== 200) throw new Error(`No consent page: ${answer.status} ${answer.text}`);
  const fields = fieldsOf(answer.text);
  return {
    html: answer.text,
    fields,
    decide: async (decision, account = "new") => {
      const body = new URLSearchParams([...fields]);
      body.set("account", account);
      body.set("decision", decision);
      const sent = await target.raw("POST", "/oauth/authorize/decision", {
        authorization: null,
        body: body.toString(),
      });
      const location = sent.headers.get("location");
      if (sent.status !== 302 || !location) throw new Error(`No redirect: ${sent.status} ${sent.text}`);
      return new URL(location);
    },
  };
}

/** A fresh authorization code for `account`. */
export async function codeFor(target: Target, account: string, scope = "read_write"): Promise<string> {
  const consent = await openConsent(target, { scope });
  const code = (await consent.decide("connect", account)).searchParams.get("code");
  if (!code) throw new Error("The redirect carries no code.");
  return code;
}

function fieldsOf(html: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, "name");
    const type = attribute(tag, "type") ?? "text";
    if (name === undefined || ["radio", "checkbox", "submit"].includes(type)) continue;
    fields.set(name, attribute(tag, "value") ?? "");
  }
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value
    ?.replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
