import { embedKeys, operators } from "@redress/database";
import { and, eq, isNull } from "drizzle-orm";
import type { OperatorGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { readDeciderGrants } from "../operators/decider-grants.ts";
import { permittedApps } from "../operators/permissions.ts";
import { spendCall } from "../spend-call.ts";
import { type EmbedClaims, invalid, namedKey, verifyEmbedToken } from "./embed-token.ts";

/** Pages a minute, for all who look through one helpdesk. */
const ratePerMinute = 1200;

export type EmbedKeyRow = typeof embedKeys.$inferSelect;

/** Who looks through a helpdesk's panel, at which customer. */
export interface EmbedVisit {
  readonly keyId: string;
  readonly operator: { readonly id: string; readonly name: string };
  readonly grants: OperatorGrants;
  /** The apps whose purchases they see here: the key's, and of those their own. */
  readonly appIds: readonly string[] | "all";
  readonly claims: EmbedClaims;
}

/** The key that a token names, revoked ones too, or null: it says who may frame the answer, whatever that is. */
export async function findEmbedKey(
  { database }: Pick<Dependencies, "database">,
  token: string,
): Promise<EmbedKeyRow | null> {
  const keyId = namedKey(token);
  if (keyId === null) return null;
  const [key] = await database.select().from(embedKeys).where(eq(embedKeys.id, keyId));
  return key ?? null;
}

/**
 * Checks a helpdesk's token and reads anew what the person that it names may do.
 *
 * @param input.email what the address says beside the token, if anything: the token has to say the same
 * @throws RedressError `embed_token_invalid`, `embed_token_expired`, `permission_denied` for somebody who is not here, was
 *   shut out, has no role, or no second factor where the desk requires one; `rate_limited`
 */
export async function visitEmbed(
  dependencies: Pick<Dependencies, "database" | "clock" | "secrets">,
  input: { token: string; key: EmbedKeyRow | null; email?: string | undefined },
): Promise<EmbedVisit> {
  const { token, key } = input;
  const { database, clock } = dependencies;
  if (key === null || key.revokedAt !== null) throw invalid();
  const claims = verifyEmbedToken(token, secretsOf(dependencies, key), clock.now());
  if (input.email !== undefined && input.email.toLowerCase() !== claims.email) throw invalid();
  const sentence = "The helpdesk asks too often. Wait a moment, then reload the ticket.";
  await spendCall(dependencies, embedKeys, { id: key.id, ratePerMinute, sentence });
  const [operator] = await database
    .select({ id: operators.id, name: operators.name })
    .from(operators)
    .where(and(eq(operators.email, claims.operator), isNull(operators.deactivatedAt)));
  const grants = operator && (await readDeciderGrants({ database }, operator.id));
  const readable = grants ? permittedApps(grants, "purchases.read") : [];
  if (!operator || !grants || readable.length === 0) throw notHere();
  return { keyId: key.id, operator, grants, claims, appIds: both(readable, key.appIds ?? "all") };
}

function secretsOf(
  { clock, secrets }: Pick<Dependencies, "clock" | "secrets">,
  { secretCiphertext, previousSecretCiphertext, previousSecretUntil }: EmbedKeyRow,
): string[] {
  const isOverlap = previousSecretUntil !== null && previousSecretUntil > clock.now();
  return [secretCiphertext, isOverlap ? previousSecretCiphertext : null]
    .filter((sealed) => sealed !== null)
    .map((sealed) => secrets.open(sealed));
}

function both(own: readonly string[] | "all", keys: readonly string[] | "all"): readonly string[] | "all" {
  if (own === "all") return keys;
  return keys === "all" ? own : own.filter((appId) => keys.includes(appId));
}

function notHere(): RedressError {
  return new RedressError(
    "permission_denied",
    "You may not look at purchases here. You need an account of this desk with a role, under the address you have in the helpdesk, and a second factor where the desk requires one. Ask an administrator.",
  );
}
