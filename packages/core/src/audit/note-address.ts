import { auditAddresses } from "@redress/database";
import { eq, lt } from "drizzle-orm";
import type { Dependencies, Origin } from "../dependencies.ts";
import { hashPersonal } from "./hash-personal.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** An address is kept in clear for so long after it was last seen. */
export const addressRetentionDays = 90;

/**
 * What stands for a caller's address in the audit log. The clear address is kept beside the log until it was not
 * seen for `addressRetentionDays`. It runs outside any transaction, so that two requests from one address never
 * wait for each other's refund.
 *
 * @param address an IP address
 */
export async function noteAddress(
  { database, clock, random }: Pick<Dependencies, "database" | "clock" | "random">,
  address: string,
): Promise<Origin> {
  const seenAt = clock.now();
  const find = () => database.select().from(auditAddresses).where(eq(auditAddresses.address, address));
  let [known] = await find();
  if (known && seenAt.getTime() - known.seenAt.getTime() > dayMs) {
    await database.update(auditAddresses).set({ seenAt }).where(eq(auditAddresses.address, address));
  }
  if (!known) {
    const salt = Buffer.from(random.bytes(32)).toString("base64url");
    const row = { address, salt, hash: hashPersonal(salt, address), seenAt };
    await database.insert(auditAddresses).values(row).onConflictDoNothing();
    [known] = await find();
    known ??= row;
  }
  return { addressHash: known.hash };
}

/**
 * Forgets addresses that were not seen for `addressRetentionDays`. Their hashes stay in the log, and say nothing
 * without the salt.
 */
export async function expungeAddresses({
  database,
  clock,
}: Pick<Dependencies, "database" | "clock">): Promise<void> {
  const before = new Date(clock.now().getTime() - addressRetentionDays * dayMs);
  await database.delete(auditAddresses).where(lt(auditAddresses.seenAt, before));
}
