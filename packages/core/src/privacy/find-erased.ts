import { erasedCustomers, type Transaction } from "@redress/database";
import { inArray } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";
import type { ChargeFacts } from "../purchases/read-charge.ts";
import { unavailable } from "../webhooks/inbox.ts";
import type { ReceivedEvent } from "../webhooks/insert-events.ts";
import { reducePayload } from "../webhooks/reduce-payload.ts";
import { fingerprintsOfCustomer } from "./customer.ts";

/**
 * Which charges are of somebody who was erased after them, and since when: an import may find what the desk did not have
 * when it forgot them.
 *
 * @returns by the charge's id
 */
export async function findErased(
  { secrets }: Pick<Dependencies, "secrets">,
  transaction: Transaction,
  input: { accountId: string; charges: readonly ChargeFacts[] },
): Promise<ReadonlyMap<string, Date>> {
  const { accountId, charges } = input;
  const known = charges.map(({ stripeChargeId, customerEmail: email, stripeCustomerId, purchasedAt }) => {
    const fingerprints = fingerprintsOfCustomer(secrets, { accountId, email, stripeCustomerId });
    return { stripeChargeId, purchasedAt, fingerprints };
  });
  const all = known.flatMap(({ fingerprints }) => fingerprints);
  if (all.length === 0) return new Map();
  const rows = await transaction
    .select()
    .from(erasedCustomers)
    .where(inArray(erasedCustomers.fingerprint, all));
  const since = new Map(rows.map(({ fingerprint, erasedAt }) => [fingerprint, erasedAt]));
  const erased = new Map<string, Date>();
  for (const { stripeChargeId, purchasedAt, fingerprints } of known) {
    for (const fingerprint of fingerprints) {
      const at = since.get(fingerprint);
      if (at !== undefined && at >= purchasedAt) erased.set(stripeChargeId, at);
    }
  }
  return erased;
}

/**
 * An event that no workflow handles, as it is stored: without what is personal where it names somebody who was erased. Those
 * that are handled lose it then (see `stripeEventWorkflow`), since it may be needed until then.
 *
 * @throws RedressError `database_unavailable`
 */
export async function withoutErased(
  { database, secrets }: Pick<Dependencies, "database" | "secrets">,
  received: ReceivedEvent,
): Promise<ReceivedEvent> {
  const { accountId } = received.event;
  if (!received.ignored || accountId === null) return received;
  const text = received.payload.toString();
  const emails = text.match(/[^\s"<>@]+@[\w-]+(\.[\w-]+)+/g) ?? [];
  const ids = text.match(/\bcus_\w+/g) ?? [];
  const fingerprints = [
    ...emails.map((email) => ({ accountId, email, stripeCustomerId: null })),
    ...ids.map((stripeCustomerId) => ({ accountId, email: null, stripeCustomerId })),
  ].flatMap((of) => fingerprintsOfCustomer(secrets, of));
  if (fingerprints.length === 0) return received;
  const known = inArray(erasedCustomers.fingerprint, [...new Set(fingerprints)]);
  const erased = await database.$count(erasedCustomers, known).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  return erased === 0 ? received : { ...received, payload: Buffer.from(reducePayload(text)) };
}
