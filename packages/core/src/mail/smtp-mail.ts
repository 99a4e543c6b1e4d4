import { createTransport } from "nodemailer";
import type { SmtpConfiguration } from "../configuration/mail-variables.ts";
import type { Mail } from "../dependencies.ts";
import { MailError } from "./errors.ts";

const answerMs = 10_000;
const sentenceOf = {
  mail_refused: "The mail server refused the message for good. Look into its log and check the address.",
  sign_in: "The mail server refused our sign-in. Check the user and password in SMTP_URL.",
  mail_unavailable:
    "The mail server did not take the message now. It is tried again; check SMTP_URL if it stays.",
} as const;

/**
 * Mail over SMTP. One connection for each message: a desk writes few, and a connection that is kept may be dead
 * when it is needed.
 */
export function createSmtpMail(configuration: SmtpConfiguration): Mail {
  const { from } = configuration;
  const transport = openTransport(configuration);
  const domain = new URL(`http://${from.slice(from.lastIndexOf("@") + 1).replace(/>$/, "")}`).hostname;
  return {
    way: "smtp",
    async send({ id, ...message }) {
      try {
        await transport.sendMail({
          from,
          ...message,
          ...(id === undefined ? {} : { messageId: `<${id}@${domain}>` }),
          // No out-of-office notes to the desk.
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw classify(error);
      }
    },
  };
}

/**
 * Speaks with the mail server as far as the sign-in, and sends nothing.
 *
 * @throws MailError when it would take no message
 */
export async function verifySmtp(configuration: SmtpConfiguration): Promise<void> {
  const transport = openTransport(configuration);
  try {
    await transport.verify();
  } catch (error) {
    throw classify(error);
  } finally {
    transport.close();
  }
}

function openTransport({ url, requireTls }: SmtpConfiguration) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const host = hostname.replace(/^\[|\]$/g, "");
  return createTransport({
    host,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && requireTls,
    ...(username === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: 2 * answerMs,
    // A message is text that we wrote: nothing in it may make this machine read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** By what the server answered and by nodemailer's codes, never by words. The server's words may hold an address. */
function classify(error: unknown): MailError {
  const code = memberOf(error, "code");
  const answer = memberOf(error, "responseCode");
  const isFinal = typeof answer === "number" && answer >= 500;
  const kind = code === "EAUTH" && isFinal ? "sign_in" : isFinal ? "mail_refused" : "mail_unavailable";
  const detail = [code, answer].filter((part) => part !== undefined).join(" ");
  return new MailError(
    kind === "mail_unavailable" ? "mail_unavailable" : "mail_refused",
    `${sentenceOf[kind]}${detail === "" ? "" : ` (${detail})`}`,
    error,
  );
}

function memberOf(error: unknown, name: "code" | "responseCode"): string | number | undefined {
  if (typeof error !== "object" || error === null || !(name in error)) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
