import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { signInLimits } from "@redress/database";
import { sql } from "drizzle-orm";
import { clientAddressHeader } from "../http/client-address.ts";

/** So many passwords a minute for one account from one address. */
const attempts = 8;
const windowMs = 60_000;

export interface Limit {
  readonly allowed: boolean;
  /** The first refusal of its minute. */
  readonly first: boolean;
  /** Stands for the e-mail address in the log. */
  readonly account: string;
}

/**
 * Counts one attempt to sign in, in the database, so that all processes count together. It counts by account **and**
 * address: were it by account alone, a stranger could keep somebody out. better-auth counts by address beside it.
 */
export async function takeAttempt(
  { database, clock, secrets, random }: Dependencies,
  headers: Headers,
  email: string,
): Promise<Limit> {
  const account = secrets.fingerprints(`account:${email}`)[0];
  const address = headers.get(clientAddressHeader) ?? "unknown";
  const key = `account:${secrets.fingerprints(`attempt:${address}:${email}`)[0]}`;
  const now = clock.now().getTime();
  const begins = sql`${signInLimits.lastRequest} <= ${now - windowMs}`;
  const [row] = await database
    .insert(signInLimits)
    .values({ id: newId(random, "correlation"), key, count: 1, lastRequest: now })
    .onConflictDoUpdate({
      target: signInLimits.key,
      set: {
        count: sql`case when ${begins} then 1 else ${signInLimits.count} + 1 end`,
        lastRequest: sql`case when ${begins} then ${now} else ${signInLimits.lastRequest} end`,
      },
    })
    .returning({ count: signInLimits.count });
  const count = row?.count ?? 1;
  return { allowed: count <= attempts, first: count === attempts + 1, account };
}
