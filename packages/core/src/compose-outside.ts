import { resolve } from "node:path";
import { createAuditAnchors } from "./audit/anchors.ts";
import type { Configuration } from "./configuration.ts";
import type { Dependencies, Logger } from "./dependencies.ts";
import { keepGeneratedSecret } from "./generated-secret.ts";
import { createMail } from "./mail/create-mail.ts";
import { createMeter } from "./metrics/meter.ts";
import { createOutbound } from "./outbound/outbound.ts";
import { createSecretBox } from "./secret-box.ts";
import { createSignInSeals } from "./secrets/sign-in-seals.ts";
import { connectSlack } from "./slack/connect-slack.ts";
import { createStripeClient } from "./stripe/client.ts";

/**
 * What of the outside world the configuration decides: for the server, and for a command beside it.
 *
 * @throws Error when the configuration names no Stripe account
 */
export function composeOutside(
  configuration: Configuration,
  logger: Logger,
): Pick<
  Dependencies,
  "stripe" | "meter" | "secrets" | "signInSeals" | "outbound" | "mail" | "slack" | "settings" | "auditAnchors"
> {
  const { stripe, mode, publicUrl, previousSecrets } = configuration;
  if (stripe === null) {
    throw new Error(
      "No Stripe variable is set: start the Stripe sandbox and pass its keys, or set them all.",
    );
  }
  const secret = configuration.secret ?? keepGeneratedSecret(resolve(".redress"));
  const { clientId, publishableKey, connectOrigin, platformWebhookSecrets, connectWebhookSecrets } = stripe;
  const meter = createMeter(() => performance.now());
  return {
    meter,
    stripe: createStripeClient({
      meter,
      secretKey: stripe.secretKey,
      ...(stripe.apiOrigin === null ? {} : { apiOrigin: stripe.apiOrigin }),
    }),
    secrets: createSecretBox(secret, previousSecrets),
    signInSeals: createSignInSeals({ secret, previousSecrets }),
    auditAnchors: createAuditAnchors({
      secret,
      previousSecrets,
      directory: configuration.auditAnchorDirectory,
    }),
    outbound: createOutbound({ allowPrivateAddresses: configuration.allowPrivateNotificationUrls }),
    slack: configuration.slack === null ? null : connectSlack(configuration.slack),
    mail: createMail(configuration.mail, logger),
    settings: {
      mode,
      publicUrl,
      eventRetentionDays: configuration.eventRetentionDays,
      ...(configuration.stripeRateLimit !== null && { stripeRateLimit: configuration.stripeRateLimit }),
      stripe: { clientId, publishableKey, connectOrigin, platformWebhookSecrets, connectWebhookSecrets },
    },
  };
}
