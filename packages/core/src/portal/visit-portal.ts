import { portalLinks } from "@redress/database";
import { and, eq, isNull, lte, or } from "drizzle-orm";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { spendCall } from "../spend-call.ts";
import { findPortalLink, type WorkingLink } from "./find-link.ts";

const minuteMs = 60_000;
/** Pages and forms a minute; as many may come at once after a quiet minute. */
const ratePerMinute = 120;

export type PortalActor = Extract<Actor, { kind: "portal_link" }>;

/** Who acts through a link, and the one app that it is for. */
export interface PortalVisit {
  readonly actor: PortalActor;
  readonly app: WorkingLink["app"];
  readonly expiresAt: Date;
}

/** A link as the log names it. */
export function portalActor({ id, createdBy }: WorkingLink["link"]): PortalActor {
  return { kind: "portal_link", id, ownerId: createdBy };
}

/**
 * Whose browser this is, and counts the use.
 *
 * @param input.session what the browser keeps
 * @throws RedressError `portal_link_ended`, `rate_limited`
 */
export async function visitPortal(
  dependencies: Pick<Dependencies, "database" | "clock" | "secrets">,
  { session }: { session: string },
): Promise<PortalVisit> {
  const { link, app } = await findPortalLink(dependencies, dependencies.database, { session });
  const sentence = "That was too fast: a link shows 120 pages a minute. Wait a moment, then go on.";
  await spendCall(dependencies, portalLinks, { id: link.id, ratePerMinute, sentence });
  await noteUse(dependencies, link);
  return { actor: portalActor(link), app, expiresAt: link.expiresAt };
}

/** Written once a minute at most. */
async function noteUse(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { id, lastUsedAt }: WorkingLink["link"],
): Promise<void> {
  const now = clock.now();
  const before = new Date(now.getTime() - minuteMs);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  const isOlder = or(isNull(portalLinks.lastUsedAt), lte(portalLinks.lastUsedAt, before));
  await database
    .update(portalLinks)
    .set({ lastUsedAt: now })
    .where(and(eq(portalLinks.id, id), isOlder));
}
