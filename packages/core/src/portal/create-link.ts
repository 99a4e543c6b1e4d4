import { portalLinks } from "@redress/database";
import { readAppRow } from "../apps/get-app.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import { linkLives, type NewLink } from "./link-input.ts";
import { getPortalLink, type PortalLinkView } from "./link-view.ts";

/**
 * Makes a link by which an app's developer, without an account, sees and mends the app's notifications. Who makes it answers
 * for what is done with it; whether they may is judged by the caller.
 *
 * @returns `url` is not shown again
 * @throws RedressError `app_not_found`
 */
export async function createPortalLink(
  dependencies: Dependencies,
  input: NewLink & { slug: string; operatorId: string; correlationId: string },
): Promise<{ link: PortalLinkView; url: string }> {
  const { slug, name, expiresIn, operatorId, correlationId } = input;
  const { database, clock, random, secrets, settings } = dependencies;
  const linkId = newId(random, "portalLink");
  const token = newPortalSecret(dependencies);
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + linkLives[expiresIn]);
  await database.transaction(async (transaction) => {
    const { id: appId } = await readAppRow(transaction, slug);
    await transaction.insert(portalLinks).values({
      id: linkId,
      appId,
      name,
      tokenFingerprint: secrets.fingerprints(token)[0],
      createdBy: operatorId,
      createdAt: now,
      expiresAt,
      rateFreeAt: now,
    });
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: operatorId },
      action: "portal_link_created",
      correlationId,
      appId,
      after: { expiresAt: expiresAt.toISOString() },
      // Not the name: people put names of people into it, and the log keeps what it says for ever.
      details: { linkId },
    });
  });
  const link = await getPortalLink(dependencies, { slug, linkId });
  return { link, url: `${settings.publicUrl}/portal/open?token=${token}` };
}

/** 256 bits of chance: nobody guesses it, so a keyed hash is enough to keep. */
export function newPortalSecret({ random }: Pick<Dependencies, "random">): string {
  return Buffer.from(random.bytes(32)).toString("base64url");
}
