import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { stripeEventRoutes } from "../workflows/stripe-event-routes.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, failed, warning } = findingsOf("stripe");
/** Stripe's signatures are good for five minutes; this is well before. */
const mostSkewMs = 60_000;

type Examined = Pick<Dependencies, "stripe" | "settings" | "clock">;

/** Whether Stripe takes the key, speaks of the same time, and sends its events to this installation. */
export async function examineStripe(dependencies: Examined): Promise<Finding[]> {
  const askedAt = dependencies.clock.now();
  try {
    const account = await dependencies.stripe.accounts.retrieveCurrent();
    const findings = [
      ok(`Stripe takes the key, of account ${account.id}, in ${dependencies.settings.mode} mode.`),
    ];
    const skew = judgeClock(account, askedAt, dependencies.clock.now());
    if (skew) findings.push(skew);
    return [...findings, ...(await examineEndpoints(dependencies))];
  } catch (error) {
    return [refused(error)];
  }
}

function refused(error: unknown): Finding {
  const { kind, httpStatus, stripeCode, message } = classifyStripeError(error);
  if (httpStatus === 401 || httpStatus === 403) {
    return failed({
      sentence: `Stripe refuses the key (${stripeCode ?? httpStatus}): ${message}`,
      mend: "Take a secret key of the platform's account from Stripe's Dashboard (Developers, API keys) as STRIPE_SECRET_KEY. A restricted key needs Accounts, Refunds, Charges, Events and Webhook Endpoints.",
    });
  }
  return failed({
    sentence: `Stripe does not answer as it should (${kind}): ${message}`,
    mend: "Let this machine reach https://api.stripe.com, and look at https://status.stripe.com.",
  });
}

/** The moment of Stripe's answer lies between the question and now. */
function judgeClock(account: Stripe.Response<Stripe.Account>, askedAt: Date, now: Date): Finding | null {
  const said = Date.parse(account.lastResponse.headers.date ?? "");
  if (Number.isNaN(said)) return null;
  const [least, most] = [askedAt.getTime() - said - 1_000, now.getTime() - said];
  const skewMs = least > 0 ? least : Math.min(0, most);
  if (Math.abs(skewMs) <= mostSkewMs) return null;
  return failed({
    sentence: `This machine's clock is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} Stripe's.`,
    mend: "Set it by NTP (timedatectl set-ntp true): webhooks are refused when it is five minutes off.",
  });
}

/** The endpoints in Stripe's Dashboard that lead here. */
async function examineEndpoints({ stripe, settings }: Examined): Promise<Finding[]> {
  const url = `${settings.publicUrl}/api/stripe/webhooks`;
  const own: Stripe.WebhookEndpoint[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) own.push(endpoint);
  }
  const wanted = Object.keys(stripeEventRoutes);
  const findings: Finding[] = [];
  // Stripe marks those for connected accounts by the application that they belong to (Stripe: webhook endpoints).
  const connect = own.filter(({ application }) => application !== null);
  if (connect.length === 0) {
    findings.push(
      warning({
        sentence: `No webhook endpoint for connected accounts leads to ${url}.`,
        mend: "Create one in Stripe's Dashboard (Developers, Webhooks, events on connected accounts) with refund.*, charge.*, account.* and radar.early_fraud_warning.*, and set its secret as STRIPE_CONNECT_WEBHOOK_SECRET. In test mode stripe listen does instead.",
      }),
    );
  }
  for (const endpoint of own) {
    if (endpoint.status !== "enabled") {
      findings.push(
        failed({
          sentence: `The webhook endpoint ${endpoint.id} is ${endpoint.status}: Stripe sends it nothing.`,
          mend: "Enable it in Stripe's Dashboard (Developers, Webhooks); then redress events pull takes in what was missed.",
        }),
      );
    }
  }
  for (const endpoint of connect) {
    const missing = endpoint.enabled_events.includes("*")
      ? []
      : wanted.filter((type) => !endpoint.enabled_events.includes(type));
    if (missing.length > 0) {
      findings.push(
        warning({
          sentence: `The webhook endpoint ${endpoint.id} is not sent ${missing.join(", ")}.`,
          mend: "Add these events to it in Stripe's Dashboard. Until then only the hourly reconciliation tells of them.",
        }),
      );
    }
  }
  if (findings.length === 0) findings.push(ok(`Stripe sends the events of connected accounts to ${url}.`));
  return findings;
}
