import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";
import { query } from "./testing/admin.ts";
import { migrateUntil } from "./testing/migrate-until.ts";
import { createEmptyDatabase, type TestDatabase } from "./testing.ts";

// An upgrade keeps what the desk was told: nothing that needed a person is let out by a migration.
const migrations = join(import.meta.dirname, "../migrations");
let database: TestDatabase;
let connectionString: string;
beforeEach(async () => {
  database = await createEmptyDatabase();
  ({ connectionString } = database);
});
afterEach(() => database.drop());

test("every migration is in the journal, in the order of its number: what is not would never be run", async () => {
  const files = (await readdir(migrations)).filter((file) => file.endsWith(".sql")).sort();
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
    await readFile(join(migrations, "meta/_journal.json"), "utf8"),
  );
  expect(journal.entries.map(({ tag }) => `${tag}.sql`)).toEqual(files);
  const moments = journal.entries.map(({ when }) => when);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
});

test("approval rules become the first version of each app's policy, and the desk's own asks a person", async () => {
  await migrateUntil(connectionString, "_policies");
  await query(
    connectionString,
    `insert into apps (id, slug, name, created_at, updated_at)
       select 'app_' || n, 'app-' || n, 'App', now(), now() from generate_series(1, 2) as n`,
    `insert into operators (id, name, email, created_at, updated_at)
       values ('opr_ada', 'Ada', 'ada@example.com', now(), now())`,
    `insert into approval_rules (app_id, currency, maximum_amount, created_at, created_by) values
       ('app_1', 'usd', 6000, '2026-11-01T10:00:00Z', 'opr_ada'),
       ('app_1', 'eur', 5000, '2026-11-01T10:00:00Z', 'opr_ada')`,
  );
  await migrateDatabase(connectionString);
  const rows = await query(
    connectionString,
    `select app_id, number, document, created_by_kind, created_by_id, created_at
       from policy_versions order by app_id nulls first`,
  );
  expect(rows).toMatchObject([
    { app_id: null, number: 1, document: { rules: [] } },
    {
      app_id: "app_1",
      number: 1,
      document: {
        rules: [
          {
            name: "Small amounts",
            when: {
              amount: [
                { currency: "eur", atMost: 5000 },
                { currency: "usd", atMost: 6000 },
              ],
            },
            verdict: "allow",
          },
        ],
      },
      created_by_kind: "operator",
      created_by_id: "opr_ada",
      created_at: new Date("2026-11-01T10:00:00Z"),
    },
  ]);
});

test("what Stripe had paid before stands in the books, and what came back does twice", async () => {
  await migrateUntil(connectionString, "_customer_mail_and_movements");
  const [asked, failed] = ["2026-10-30T10:00:00Z", "2026-11-02T10:00:00Z"];
  await query(
    connectionString,
    `insert into apps (id, slug, name, created_at, updated_at) values ('app_1', 'app-1', 'App', now(), now())`,
    `insert into purchases (id, app_id, stripe_account_id, stripe_charge_id, livemode, amount_captured, currency,
         personal_salt, purchased_at, created_at, updated_at)
       values ('pur_1', 'app_1', 'acct_1', 'ch_1', false, 10000, 'eur', 'salt', now(), now(), now())`,
    `insert into refunds (id, app_id, purchase_id, stripe_account_id, stripe_charge_id, origin, amount, currency,
         requested_by_kind, requested_by_id, requested_by_owner, status, stripe_refund_id, requested_at, settled_at, updated_at)
       select 'rfd_' || status, 'app_1', 'pur_1', 'acct_1', 'ch_1', 'stripe', 100, 'eur', 'stripe', 'stripe', 'stripe', status,
         're_' || status, '${asked}', '${failed}', '${failed}'
       from unnest(array['pending', 'succeeded', 'failed']) as status`,
  );
  await migrateDatabase(connectionString);
  const rows = await query(
    connectionString,
    "select refund_id, kind, booked_at, state from refund_movements order by refund_id, kind",
  );
  const unread = { state: "unread" };
  expect(rows).toMatchObject([
    { ...unread, refund_id: "rfd_failed", kind: "failure", booked_at: new Date(failed) },
    { ...unread, refund_id: "rfd_failed", kind: "refund", booked_at: new Date(asked) },
    { ...unread, refund_id: "rfd_succeeded", kind: "refund", booked_at: new Date(asked) },
  ]);
});

test("what was paid and decided before is in the figures of the home page", async () => {
  await migrateUntil(connectionString, "_home_figures");
  const [asked, decided] = ["2026-11-02T10:00:00Z", "2026-11-02T12:00:00Z"];
  await query(
    connectionString,
    `insert into apps (id, slug, name, created_at, updated_at) values ('app_1', 'app-1', 'App', now(), now())`,
    `insert into purchases (id, app_id, stripe_account_id, stripe_charge_id, livemode, amount_captured, currency,
         personal_salt, purchased_at, created_at, updated_at)
       select 'pur_' || n, 'app_1', 'acct_1', 'ch_' || n, false, 10000, 'eur', 'salt', '2026-11-01T23:30:00-01:00', now(), now()
       from generate_series(1, 2) as n`,
    `insert into refunds (id, app_id, purchase_id, stripe_account_id, stripe_charge_id, origin, amount, currency,
         requested_by_kind, requested_by_id, requested_by_owner, status, requested_at, updated_at)
       values ('rfd_1', 'app_1', 'pur_1', 'acct_1', 'ch_1', 'redress', 100, 'eur', 'operator', 'opr_1', 'opr_1',
         'awaiting_approval', '${asked}', '${asked}')`,
    `insert into approvals (id, refund_id, purchase_id, amount, currency, requested_by_owner, decision, decided_by_kind,
         decided_by_id, decided_at)
       values ('apr_1', 'rfd_1', 'pur_1', 100, 'eur', 'opr_1', 'approved', 'operator', 'opr_2', '${decided}')`,
    `update refunds set status = 'approved', approval_id = 'apr_1' where id = 'rfd_1'`,
  );
  await migrateDatabase(connectionString);
  const totals = "select day::text, app_id, currency, amount::int, count from paid_totals";
  expect(await query(connectionString, totals)).toEqual([
    { day: "2026-11-02", app_id: "app_1", currency: "eur", amount: 20_000, count: 2 },
  ]);
  expect(await query(connectionString, "select app_id, asked_at from approvals")).toEqual([
    { app_id: "app_1", asked_at: new Date(asked) },
  ]);
  expect(await query(connectionString, "select approved_at from refunds")).toEqual([
    { approved_at: new Date(decided) },
  ]);
  // A decision stays as it was made afterwards, too.
  await expect(query(connectionString, "update approvals set app_id = null")).rejects.toThrow(
    /cannot change/,
  );
});
