import type { MailConfiguration } from "../configuration/mail-variables.ts";
import type { Logger, Mail } from "../dependencies.ts";
import { MailError } from "./errors.ts";
import { createSmtpMail } from "./smtp-mail.ts";

/** How mail leaves this installation: by SMTP, printed to the log (development), or not at all. */
export function createMail(configuration: MailConfiguration, logger: Logger): Mail {
  switch (configuration.way) {
    case "smtp":
      return createSmtpMail(configuration);
    case "log":
      return printedMail(logger);
    case "none":
      return noMail;
  }
}

/** A warning, so that it is seen at every usual LOG_LEVEL: whoever waits for the message finds it here. */
function printedMail(logger: Logger): Mail {
  return {
    way: "log",
    async send({ to, subject, text }) {
      logger.warn({ mail: { to, subject, text } }, "SMTP_URL is not set, so this message is only printed.");
    },
  };
}

const noMail: Mail = {
  way: "none",
  async send() {
    throw new MailError(
      "mail_not_configured",
      "This installation sends no mail. Set SMTP_URL and MAIL_FROM and start it again.",
    );
  },
};
