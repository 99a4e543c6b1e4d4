import { z } from "zod";
import type { Variables } from "./variables.ts";

export interface SmtpConfiguration {
  readonly way: "smtp";
  /** `smtp://` or `smtps://` with host, perhaps port, user and password. */
  readonly url: string;
  /** `Redress <refunds@example.com>`, or the address alone. */
  readonly from: string;
  /** Never speak in clear, even where the server offers nothing else. */
  readonly requireTls: boolean;
}
/** `log`: messages are printed instead, for development. `none`: there is no mail. */
export type MailConfiguration = SmtpConfiguration | { readonly way: "log" } | { readonly way: "none" };

const loopbackHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);
const smtpUrl = z
  .url({ protocol: /^smtps?$/, abort: true })
  .refine((text) => {
    const { hostname, pathname, search, hash } = new URL(text);
    return hostname !== "" && (pathname === "" || pathname === "/") && search === "" && hash === "";
  })
  .refine((text) => {
    const { username, password } = new URL(text);
    return (username === "") === (password === "") && isDecodable(username) && isDecodable(password);
  });
const address = z.email();
const mailFrom = z
  .string()
  .max(320)
  .refine((text) => address.safeParse(/^[^<>"]*<([^<>]+)>$/.exec(text)?.[1] ?? text).success);

/**
 * Both variables, or neither.
 *
 * @param guarded production, or Stripe's live keys: links that let people in are never printed to the log
 */
export function readMailVariables(variables: Variables, guarded: boolean): MailConfiguration {
  const url = variables.read(
    "SMTP_URL",
    smtpUrl,
    "It must be a mail server's address such as smtp://user:password@smtp.example.com:587, or smtps:// for TLS from the start, with nothing behind the port. Write characters such as @ and / in the password as %40 and %2F.",
  );
  const from = variables.read(
    "MAIL_FROM",
    mailFrom,
    "It must be the sender's address, such as refunds@example.com or Redress <refunds@example.com>.",
  );
  for (const [missing, other] of [
    ["SMTP_URL", "MAIL_FROM"],
    ["MAIL_FROM", "SMTP_URL"],
  ] as const) {
    if (variables.isSet(missing) || !variables.isSet(other)) continue;
    variables.report(missing, `It is missing, while ${other} is set. Set both, or neither.`);
  }
  if (url === null || from === null) return { way: guarded ? "none" : "log" };
  return { way: "smtp", url, from, requireTls: guarded && !loopbackHosts.has(new URL(url).hostname) };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
