import type { AccountRecord } from "../accounts/account-record.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const STYLE = `
  :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; }
  body { margin: 0; background: #f6f8fa; }
  .mark { background: #f5c400; color: #1a1f36; font-weight: 800; padding: .7rem 1rem; text-align: center; }
  main { max-width: 32rem; margin: 2.5rem auto; padding: 2rem; background: #fff; border-radius: 12px;
    box-shadow: 0 7px 14px rgb(60 66 87 / 8%), 0 3px 6px rgb(0 0 0 / 6%); }
  h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
  p { margin: 0 0 1.25rem; color: #4f566b; }
  fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; }
  legend { font-weight: 600; padding: 0; margin-bottom: .5rem; }
  .account { display: flex; gap: .75rem; align-items: baseline; padding: .7rem .9rem; border: 1px solid #d8dee4;
    border-radius: 8px; margin-bottom: .5rem; cursor: pointer; }
  .account:has(:checked) { border-color: #5469d4; background: #f5f6ff; }
  .account small { color: #697386; }
  .new { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: .75rem; }
  fieldset:not(:has(input[value="new"]:checked)) .new { display: none; }
  .new label { font-size: .85rem; color: #4f566b; }
  .new input { box-sizing: border-box; width: 100%; padding: .5rem .6rem; font: inherit; border: 1px solid #d8dee4; border-radius: 6px; }
  .actions { display: flex; gap: .75rem; }
  button { flex: 1; padding: .7rem 1rem; font: inherit; font-weight: 600; border-radius: 8px; border: 1px solid #d8dee4; background: #fff; cursor: pointer; }
  button[value=connect] { background: #5469d4; border-color: #5469d4; color: #fff; flex: 2; }
  :focus-visible { outline: 3px solid #a4b0f5; outline-offset: 2px; }
`;

interface ConsentPage {
  request: AuthorizationRequest;
  clientId: string;
  platformName: string;
  /** What the merchant may choose from, newest first. */
  accounts: readonly (AccountRecord & { connected: boolean })[];
}

function hiddenFields({ request, clientId }: ConsentPage): string {
  const fields = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: request.redirectUri,
    scope: request.scope,
    state: request.state,
  };
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`<input type="hidden" name="${name}" value="${escapeHtml(value)}">`],
    )
    .join("\n      ");
}

function accountChoices({ accounts }: ConsentPage): string {
  // One that is not connected yet, so that going through the page twice connects two accounts.
  const suggested = accounts.find(({ connected }) => !connected)?.id;
  const choices = accounts.map(
    ({ id, business_name, email, connected }) => `
        <label class="account"><input type="radio" name="account" value="${escapeHtml(id)}"${id === suggested ? " checked" : ""}>
          <span>${escapeHtml(business_name ?? email ?? id)}<br><small>${escapeHtml(id)}${connected ? " · connected" : ""}</small></span></label>`,
  );
  const isSuggested = suggested === undefined ? " checked" : "";
  return `${choices.join("")}
        <label class="account"><input type="radio" name="account" value="new"${isSuggested}><span>Create a new account</span></label>`;
}

function newAccountFields({ request }: ConsentPage): string {
  const fields = [
    ["business_name", "Business name", ""],
    ["email", "E-mail", ""],
    ["url", "Website", ""],
    ["product_description", "What you sell", ""],
    ["country", "Country (two letters)", "US"],
    ["currency", "Currency (three letters)", ""],
  ] as const;
  return fields
    .map(([name, label, otherwise]) => {
      const value = escapeHtml(request.prefill[name] ?? otherwise);
      return `<label>${label}<br><input type="text" name="stripe_user[${name}]" value="${value}"></label>`;
    })
    .join("\n        ");
}

/** The page on which a merchant connects an account, or refuses. Works without JavaScript. */
export function consentPage(page: ConsentPage): string {
  const grants =
    page.request.scope === "read_write"
      ? "see your payments and customers, and make refunds on your behalf"
      : "see your payments and customers";
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Connect your account: Stripe sandbox</title>
  <style>${STYLE}</style>
</head>
<body>
  <div class="mark">Stripe sandbox — not the real Stripe</div>
  <main>
    <h1>Connect with ${escapeHtml(page.platformName)}</h1>
    <p>${escapeHtml(page.platformName)} will be able to ${grants}. You can disconnect at any time.</p>
    <form method="post" action="/oauth/authorize/decision">
      ${hiddenFields(page)}
      <fieldset>
        <legend>Which account?</legend>${accountChoices(page)}
        <div class="new">
        ${newAccountFields(page)}
        </div>
      </fieldset>
      <div class="actions">
        <button type="submit" name="decision" value="connect">Connect my Stripe account</button>
        <button type="submit" name="decision" value="deny">Cancel</button>
      </div>
    </form>
  </main>
</body>
</html>
`;
}
