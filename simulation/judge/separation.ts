import type { Evidence } from "./evidence.ts";

/** The forms of Stripe's secrets, and of tokens that an exchange brings and nobody keeps. */
const secretForms = "(sk|rk)_(test|live)_[A-Za-z0-9]{8}|whsec_[A-Za-z0-9+/]{8}";

/** Invariant 7: nothing of one app reaches another; no secret is logged, stored in clear or sent. */
export async function judgeSeparation(evidence: Evidence): Promise<void> {
  const { world, ledger, rows, told } = evidence;
  for (const { slug, receiver, accountId } of world.appsInWorld) {
    for (const { notification } of receiver.received) {
      const { app, purchase } = notification.data;
      const isOwn = ledger.accounts[accountId]?.charges.some(({ id }) => id === purchase.stripe_charge_id);
      if (app !== slug || !isOwn) told(7, `${slug} was told about ${purchase.stripe_charge_id} of ${app}`);
    }
  }
  for (const { id: refundId, account, refundId: rowId } of evidence.made.values()) {
    const row = rows.find(({ id }) => id === rowId);
    if (row && row.stripe_account_id !== account)
      told(7, `${refundId} was made on ${account}, not on ${row.stripe_account_id}`);
  }
  await judgeSecrets(evidence);
}

async function judgeSecrets({ world, told }: Evidence): Promise<void> {
  const secrets = [
    world.sandbox.platform.secretKey,
    world.webhookSecret,
    ...world.appsInWorld.flatMap(({ receiver, accountKey }) => [receiver.secret, accountKey]),
  ];
  const isSecret = (text: string) =>
    secrets.some((secret) => text.includes(secret)) || new RegExp(secretForms).test(text);
  for (const line of world.desk.log) if (isSecret(line)) told(7, `a secret was logged: ${line.slice(0, 80)}`);
  for (const { slug, receiver } of world.appsInWorld) {
    for (const { id, body } of receiver.received) {
      if (isSecret(body)) told(7, `a secret was sent to ${slug} in ${id}`);
    }
  }
  const tables = await world.database.query<{ name: string }>(
    "select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  const found = await world.database.query<{ name: string; row: string }>(
    tables
      .map(
        ({ name }) =>
          `(select '${name}' as name, t::text as row from ${name} t where t::text ~ $1 or exists
             (select from unnest($2::text[]) as secret where position(secret in t::text) > 0) limit 1)`,
      )
      .join(" union all "),
    [secretForms, secrets],
  );
  for (const { name, row } of found) told(7, `a secret stands in clear in ${name}: ${row.slice(0, 80)}`);
}
