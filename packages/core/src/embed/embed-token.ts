import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { RedressError } from "../errors.ts";
import { isStorable } from "../parse-input.ts";

const secondMs = 1000;
/** A token may work so long, and half a minute for clocks that differ. */
const longestLifeMs = 5 * 60 * secondMs;
const skewMs = 30 * secondMs;
const longestToken = 4096;

const headerSchema = z.object({ alg: z.literal("HS256"), kid: z.string().regex(/^emb_[0-9a-z]{20}$/) });

const address = z.email().max(320).toLowerCase();
const claimsSchema = z.object({
  /** The customer's, whose purchases are shown. */
  email: address,
  /** Who looks: the address of an operator of this desk. */
  operator: address,
  /** Where the ticket is, kept with what is asked for. */
  ticket: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine(isStorable)
    .optional(),
  /** Of this token alone: two askings with one token are one. */
  jti: z.string().regex(/^[\w-]{8,100}$/),
  /** Seconds since 1970. */
  exp: z.int().positive(),
});

/** What a helpdesk says in a token, once its signature was checked. */
export type EmbedClaims = z.output<typeof claimsSchema>;

/** The id of the key that a token names; nothing about it is proven. Null: it is no token. */
export function namedKey(token: string): string | null {
  if (token.length > longestToken) return null;
  return headerSchema.safeParse(jsonOf(token.split(".")[0])).data?.kid ?? null;
}

/**
 * Checks a token: a JWT (RFC 7519) signed with HMAC-SHA-256 and with nothing else.
 *
 * @param secrets each is tried
 * @throws RedressError `embed_token_invalid`, `embed_token_expired`
 */
export function verifyEmbedToken(token: string, secrets: readonly string[], now: Date): EmbedClaims {
  const [header, body, signature, ...rest] = token.split(".");
  if (header === undefined || body === undefined || signature === undefined || rest.length > 0)
    throw invalid();
  if (namedKey(token) === null) throw invalid();
  const sent = Buffer.from(signature, "base64url");
  const isSigned = secrets.some((secret) => {
    const made = createHmac("sha256", secret).update(`${header}.${body}`).digest();
    return made.length === sent.length && timingSafeEqual(made, sent);
  });
  if (!isSigned) throw invalid();
  const { data: claims } = claimsSchema.safeParse(jsonOf(body));
  if (claims === undefined) throw invalid();
  const left = claims.exp * secondMs - now.getTime();
  if (left <= 0) {
    throw new RedressError("embed_token_expired", "This look has expired. Reload the ticket to see it anew.");
  }
  if (left > longestLifeMs + skewMs) throw invalid();
  return claims;
}

/** The same for everything that is wrong with a token: who made it up learns nothing. */
export function invalid(): RedressError {
  return new RedressError(
    "embed_token_invalid",
    "The helpdesk’s token is missing or wrong. Reload the ticket; if it stays, ask an administrator of this desk to look at the helpdesk’s key.",
  );
}

function jsonOf(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
