import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";
import { SchemaNewerError } from "./schema-newer-error.ts";
import { readSchemaState } from "./schema-state.ts";
import { query } from "./testing/admin.ts";
import { migrateUntil } from "./testing/migrate-until.ts";
import { createEmptyDatabase, type TestDatabase } from "./testing.ts";

// An upgrade, from every state in which people may have a desk: rows stay, and a process of the release before goes on
// writing on the new schema until it is replaced (expand and contract, docs/operators.md).
let database: TestDatabase;
let connectionString: string;
beforeEach(async () => {
  database = await createEmptyDatabase();
  ({ connectionString } = database);
});
afterEach(() => database.drop());

/** The schema before each of these: the first that a desk could run on, and what each larger change found. */
const states = [
  "_purchase_search",
  "_misplaced_refunds",
  "_policies",
  "_people",
  "_inbox_storage",
  "_purchase_imports",
  "_bulk_refunds",
  "_after_restore",
  "_failed_refunds_index",
];

/**
 * What a program of any of those releases says for one purchase, its refund and what hangs on it: with the columns that it
 * knows, prepared as `pg` prepares them. Each ends in the id that it wrote.
 */
const writes = {
  operator: `insert into operators (id, name, email, created_at, updated_at)
    values ('opr_' || $1, 'Ada', $1 || '@example.com', now(), now()) returning id`,
  app: `insert into apps (id, slug, name, created_at, updated_at) values ('app_' || $1, $1, 'App', now(), now()) returning id`,
  purchase: `insert into purchases (id, app_id, stripe_account_id, stripe_charge_id, livemode, amount_captured, currency,
      customer_email, personal_salt, purchased_at, created_at, updated_at)
    values ('pur_' || $1, 'app_' || $1, 'acct_' || $1, 'ch_' || $1, false, 10000, 'eur', 'lin@example.com', 'salt', now(),
      now(), now()) returning id`,
  refund: `insert into refunds (id, app_id, purchase_id, stripe_account_id, stripe_charge_id, origin, amount, currency,
      requested_by_kind, requested_by_id, requested_by_owner, status, requested_at, updated_at)
    values ('rfd_' || $1, 'app_' || $1, 'pur_' || $1, 'acct_' || $1, 'ch_' || $1, 'redress', 2500, 'eur', 'operator',
      'opr_' || $1, 'opr_' || $1, 'awaiting_approval', now(), now()) returning id`,
  approval: `insert into approvals (id, refund_id, purchase_id, amount, currency, requested_by_owner, decision,
      decided_by_kind, decided_by_id, decided_at)
    values ('apr_' || $1, 'rfd_' || $1, 'pur_' || $1, 2500, 'eur', 'opr_' || $1, 'approved', 'operator', 'opr_other', now())
    returning id`,
  approved: `update refunds set status = 'approved', approval_id = 'apr_' || $1, updated_at = now()
    where id = 'rfd_' || $1 and status = 'awaiting_approval' returning id`,
  intention: `update refunds set status = 'executing', idempotency_key = 'refund:pur_' || $1 || ':apr_' || $1,
      stripe_parameters = '{"amount": 2500}', first_attempt_at = now(), last_attempt_at = now(), attempt_count = 1,
      outcome_unknown = true, updated_at = now()
    where id = 'rfd_' || $1 and status = 'approved' returning id`,
  settled: `update refunds set status = 'succeeded', stripe_refund_id = 're_' || $1, outcome_unknown = false,
      settled_at = now(), updated_at = now()
    where id = 'rfd_' || $1 and status = 'executing' returning id`,
  event: `insert into stripe_events (id, type, account_id, livemode, api_version, stripe_created_at, received_at, endpoint,
      payload, status)
    values ('evt_' || $1, 'refund.updated', 'acct_' || $1, false, '2026-01-01', now(), now(), 'connect', '{}', 'received')
    returning id`,
  notification: `insert into notifications (id, app_id, purchase_id, refund_id, type, sequence, access, payload, status,
      created_at)
    values ('ntf_' || $1, 'app_' || $1, 'pur_' || $1, 'rfd_' || $1, 'refund.succeeded', 1, 'kept', '{}', 'pending', now())
    returning id`,
  message: `insert into outbox_messages (id, name, fact_key, data, created_at)
    values ('msg_' || $1, 'refund/approved', 'refund/approved:' || $1, '{}', now()) returning id`,
  entry: `insert into audit_logs (at, actor_kind, actor_id, action, refund_id, correlation_id, details)
    values (now(), 'operator', 'opr_' || $1, 'refund_approved', 'rfd_' || $1, 'cor_' || $1, '{}') returning refund_id as id`,
};

/** A process of the release before: its connection, and the statements that it prepared, outlive the migration. */
async function openOldProgram() {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    async write(id: string): Promise<string[]> {
      const ids: string[] = [];
      for (const [statement, text] of Object.entries(writes)) {
        const { rows } = await client.query<{ id: string }>({ name: statement, text, values: [id] });
        ids.push(...rows.map((row) => row.id));
      }
      return ids;
    },
    close: () => client.end(),
  };
}

const written = (id: string) =>
  ["opr", "app", "pur", "rfd", "apr", "rfd", "rfd", "rfd", "evt", "ntf", "msg", "rfd"].map(
    (kind) => `${kind}_${id}`,
  );
const readBack = `select refunds.id, refunds.status, refunds.amount::int, approval_id, purchases.customer_email as customer
  from refunds join purchases on purchases.id = purchase_id order by refunds.id`;

test.each(states)("from before %s: rows stay, and the program of then goes on writing", async (state) => {
  await migrateUntil(connectionString, state);
  const old = await openOldProgram();
  try {
    expect(await old.write("one")).toEqual(written("one"));
    await migrateDatabase(connectionString);
    expect(await old.write("two")).toEqual(written("two"));
  } finally {
    await old.close();
  }
  const refund = { status: "succeeded", amount: 2_500, customer: "lin@example.com" };
  expect(await query(connectionString, readBack)).toEqual([
    { ...refund, id: "rfd_one", approval_id: "apr_one" },
    { ...refund, id: "rfd_two", approval_id: "apr_two" },
  ]);
  const { applied, known } = await readSchemaState(connectionString);
  expect(applied).toBe(known);
});

/** What each column demands of whoever writes without knowing more than its own release. */
async function readColumns(): Promise<Map<string, { type: string; demanded: boolean }>> {
  const rows = await query(
    connectionString,
    `select table_name || '.' || column_name as column, data_type as type, is_nullable = 'NO'
        and column_default is null and is_identity = 'NO' and is_generated = 'NEVER' as demanded
      from information_schema.columns where table_schema = 'public'`,
  );
  const columns = rows as { column: string; type: string; demanded: boolean }[];
  return new Map(columns.map(({ column, type, demanded }) => [column, { type, demanded }]));
}

/** What was contracted before there was a rule: none of these was written by the release right before. */
const contracted = ["apps.import_cursor", "apps.import_error", "apps.import_status", "apps.imported_count"];

test("only what is listed was ever taken away, made something else, or demanded of who does not know it", async () => {
  await migrateUntil(connectionString, "_purchase_imports");
  const before = await readColumns();
  await migrateDatabase(connectionString);
  const after = await readColumns();
  const tables = new Set([...before.keys()].map((column) => column.split(".", 1)[0]));
  const lost = [...before]
    .filter(([column, { type }]) => after.get(column)?.type !== type)
    .map(([column]) => column);
  const demanded = [...after]
    .filter(([column, { demanded }]) => demanded && tables.has(column.split(".", 1)[0]))
    .filter(([column]) => !before.get(column)?.demanded)
    .map(([column]) => column);
  expect([lost.toSorted(), demanded]).toEqual([contracted, []]);
});

test("a schema that is newer than the program is refused in a sentence, and nothing in it is changed", async () => {
  await migrateDatabase(connectionString);
  await query(
    connectionString,
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a later release', 4102444800000)",
  );
  const error = await migrateDatabase(connectionString).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SchemaNewerError);
  expect(String(error)).toMatch(
    /newer than this program: \d+ migrations.*Start the release that migrated it/,
  );
  const { applied, known } = await readSchemaState(connectionString);
  expect(applied).toBe(known + 1);
});
