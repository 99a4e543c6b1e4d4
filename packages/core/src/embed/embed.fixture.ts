import { createHmac } from "node:crypto";

/** A token as a helpdesk's server signs it, with what is to be wrong about it. */
export function signToken(
  { keyId, secret }: { keyId: string; secret: string },
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: keyId, ...header })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
