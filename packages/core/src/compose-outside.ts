import { resolve } from "node:path";
import type { Configuration } from "./configuration.ts";
import type { Dependencies, Logger } from "./dependencies.ts";
import { keepGeneratedSecret } from "./generated-secret.ts";
import { createMail } from "./mail/create-mail.ts";
import { createOutbound } from "./outbound/outbound.ts";
import { createSecretBox } from "./secret-box.ts";
import { createStripeClient } from "./stripe/client.ts";

/**
 * What of the outside world the configuration decides: for the server, and for a command beside it.
 *
 * @throws Error when the configuration names no Stripe account
 */
export function composeOutside(
  configuration: Configuration,
  logger: Logger,
): Pick<Dependencies, "stripe" | "secrets" | "outbound" | "mail" | "settings"> {
  const { stripe, mode, publicUrl } = configuration;
  if (stripe === null) {
    throw new Error(
      "No Stripe variable is set: start the Stripe sandbox and pass its keys, or set them all.",
    );
  }
  const { clientId, publishableKey, connectOrigin, platformWebhookSecrets, connectWebhookSecrets } = stripe;
  return {
    stripe: createStripeClient({
      secretKey: stripe.secretKey,
      ...(stripe.apiOrigin === null ? {} : { apiOrigin: stripe.apiOrigin }),
    }),
    secrets: createSecretBox(configuration.secret ?? keepGeneratedSecret(resolve(".redress"))),
    outbound: createOutbound({ allowPrivateAddresses: configuration.allowPrivateNotificationUrls }),
    mail: createMail(configuration.mail, logger),
    settings: {
      mode,
      publicUrl,
      eventRetentionDays: configuration.eventRetentionDays,
      stripe: { clientId, publishableKey, connectOrigin, platformWebhookSecrets, connectWebhookSecrets },
    },
  };
}
