import { decodeForm, type FormHash } from "../http/form-decoding.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { SANDBOX_SCOPE } from "../store/scope.ts";
import type { System } from "../system.ts";
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  redirectLocation,
  textOf,
} from "./authorization-request.ts";
import { oauthCodes } from "./codes.ts";
import { consentPage } from "./consent-page.ts";
import { OAuthError } from "./oauth-error.ts";

function read(system: System, form: FormHash): AuthorizationRequest {
  const { clientId } = system.directory.platform();
  return readAuthorizationRequest(form, { clientId, redirectUris: system.redirectUris });
}

/** Runs the work; an OAuthError is answered in place with the request's state. */
function inPlace(form: FormHash, work: () => HttpResponse): HttpResponse {
  try {
    return work();
  } catch (error) {
    if (error instanceof OAuthError) return error.toResponse(textOf(form, "state"));
    throw error;
  }
}

/** `GET /oauth/authorize`: the consent page. */
export function showConsent(system: System, request: HttpRequest): HttpResponse {
  const form = decodeForm(request.query);
  return inPlace(form, () => {
    const { directory } = system;
    const platform = directory.platform();
    const merchants = directory.accounts.all().filter((account) => account.id !== platform.id);
    const body = consentPage({
      request: read(system, form),
      clientId: platform.clientId,
      platformName: platform.business_name ?? platform.id,
      accounts: merchants.map((account) => ({
        ...account,
        connected: directory.connection(account.id) !== undefined,
      })),
    });
    return {
      status: 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
      },
      body,
    };
  });
}

/** `POST /oauth/authorize/decision`: the merchant's answer, as a redirect back to the platform. */
export function decide(system: System, request: HttpRequest): HttpResponse {
  const form = decodeForm(request.body);
  return inPlace(form, () => {
    const asked = read(system, form);
    const { scope, state, redirectUri } = asked;
    const decision = textOf(form, "decision");
    if (decision === "deny") {
      return redirect(redirectUri, {
        error: "access_denied",
        error_description: "The user denied your request",
        state,
      });
    }
    if (decision !== "connect") throw new OAuthError("invalid_request", "Choose connect or deny.");
    const code = system.store.transaction(() => {
      const account = chooseAccount(system, textOf(form, "account"), asked);
      const codes = system.store.collection(SANDBOX_SCOPE, oauthCodes);
      return codes.put({
        id: system.ids.id("ac_", 32),
        created: system.clock.nowSeconds(),
        createdMs: system.clock.nowMs(),
        account,
        scope,
        used: false,
      }).id;
    });
    return redirect(redirectUri, { scope, code, state });
  });
}

function redirect(redirectUri: string, answer: Record<string, string | undefined>): HttpResponse {
  const headers = { Location: redirectLocation(redirectUri, answer), "Cache-Control": "no-store" };
  return { status: 302, headers, body: "" };
}

/** The chosen account's id; `new` makes one from the form. */
function chooseAccount(system: System, choice: string | undefined, request: AuthorizationRequest): string {
  const { directory } = system;
  if (choice === "new") {
    const { business_name, email, url, product_description, country, currency } = request.prefill;
    return directory.create({
      business_name: business_name || undefined,
      email: email || undefined,
      url: url || undefined,
      product_description: product_description || undefined,
      // Stripe: invalid prefill values are ignored.
      country: country !== undefined && /^[a-z]{2}$/i.test(country) ? country : undefined,
      default_currency: currency !== undefined && /^[a-z]{3}$/i.test(currency) ? currency : undefined,
    }).id;
  }
  const account = choice === undefined ? undefined : directory.accounts.get(choice);
  if (account === undefined || account.id === directory.platform().id) {
    throw new OAuthError("invalid_request", "Choose one of the accounts, or a new one.");
  }
  return account.id;
}
