import type { Dependencies } from "@redress/core/dependencies";
import { operatorSecondFactors, operatorSessions } from "@redress/database";
import { and, desc, eq, gt } from "drizzle-orm";

/** What somebody sees of their own account. A session's token is never shown, only what names it. */
export async function readOwnAccount(
  { database, clock }: Dependencies,
  { operatorId, sessionToken }: { operatorId: string; sessionToken: string },
) {
  const [sessions, [factor]] = await Promise.all([
    database
      .select()
      .from(operatorSessions)
      .where(and(eq(operatorSessions.userId, operatorId), gt(operatorSessions.expiresAt, clock.now())))
      .orderBy(desc(operatorSessions.createdAt))
      .limit(100),
    database
      .select({ verified: operatorSecondFactors.verified })
      .from(operatorSecondFactors)
      .where(eq(operatorSecondFactors.userId, operatorId)),
  ]);
  const secondFactor: "on" | "begun" | "off" =
    factor === undefined ? "off" : factor.verified ? "on" : "begun";
  return {
    secondFactor,
    sessions: sessions.map(({ id, token, userAgent, ipAddress, createdAt }) => ({
      ...{ id, userAgent, ipAddress, createdAt },
      isThis: token === sessionToken,
    })),
  };
}
