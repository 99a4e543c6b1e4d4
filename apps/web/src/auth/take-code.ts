import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { signInLimits } from "@redress/database";
import { and, like, lt } from "drizzle-orm";

/** A code is right for its half minute and the ones beside it; after this it would be refused anyway. */
const rememberedMs = 5 * 60_000;
const prefix = "code:";

/**
 * Takes a code of somebody's authenticator app, in the database, so that of two uses at once one has it. Whoever
 * looked over a shoulder cannot use it a second time (RFC 6238, 5.2); better-auth does not see to that.
 *
 * @returns false when it was taken before
 */
export async function takeCode(
  { database, clock, secrets, random }: Dependencies,
  { userId, code }: { userId: string; code: string },
): Promise<boolean> {
  const now = clock.now().getTime();
  const old = and(like(signInLimits.key, `${prefix}%`), lt(signInLimits.lastRequest, now - rememberedMs));
  await database.delete(signInLimits).where(old);
  const key = `${prefix}${secrets.fingerprints(`code:${userId}:${code.replaceAll(/\D/g, "")}`)[0]}`;
  const taken = await database
    .insert(signInLimits)
    .values({ id: newId(random, "correlation"), key, count: 1, lastRequest: now })
    .onConflictDoNothing({ target: signInLimits.key })
    .returning({ id: signInLimits.id });
  return taken.length > 0;
}
