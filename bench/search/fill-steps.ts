/** One statement; `$1` is the number of purchases. */
export interface FillStep {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Of a hundred purchases so many are of each app, from `app_1` on: a large one, and some that are small. */
const shares = [60, 25, 8, 3, 2, 1, 1];
export const appCount = shares.length;
/** Of the newest purchase; there is one a minute before it. A setting of the session that fills. */
export const newestSetting = "bench.newest";
const newest = `current_setting('${newestSetting}')::timestamptz`;
const at = `${newest} - ($1::bigint - i) * interval '1 minute'`;

const given =
  "Anna Olivia Liam Noah Priya Grace Mateo Zoë Caleb Naomi Owen Hannah Malik Iris Theo Jürgen Lena Marek Chloé Søren Yuki Aisha Diego Ines Pavel Ravi Tom Ursula Viktor Wei".split(
    " ",
  );
const familyStarts =
  "Ber Car Dan Fer Gon Har Kov Lin Mor Nov O'Bri Pet Rosen San Tan Ull Van Wal Zim Ok".split(" ");
const familyEnds = "ger son ez ov mann ski ini berg afor i ara sen ton ley ard".split(" ");
const products = ["Advanced Types", "Generics in Practice", "Compiler Internals", "Layout Masterclass"];

/** The same chance for the same number, 0 to 2^31 - 1. */
export const chance = (number: string, salt: number) => `(hashint8(${number} * 16 + ${salt}) & 2147483647)`;
const pick = (list: string, number: string, salt: number) =>
  `${list}[1 + ${chance(number, salt)} % cardinality(${list})]`;
const id = (prefix: string, number: string) => `'${prefix}_' || substr(md5('${prefix}' || ${number}), 1, 20)`;
const appNumber = `(select 1 + count(*) from unnest(array[${runningSums(shares).slice(0, -1).join(",")}]) as edge where (i + i / 100) % 100 >= edge)`;

function runningSums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    sum += number;
    return sum;
  });
}

const apps: FillStep = {
  text: `insert into apps (id, slug, name, stripe_account_id, stripe_livemode, stripe_scope, connected_at, connected_by, created_at, updated_at)
    select 'app_' || i, 'app-' || i, 'App ' || i, 'acct_' || i, false, 'read_write', ${newest} - interval '10 years', 'bench', ${newest}, ${newest}
    from generate_series(1, ${appCount}) as i where $1::bigint > 0`,
  values: [],
};

/** Some given names are frequent, and one customer in twenty buys under the address of another. */
const people: FillStep = {
  text: `create temporary table people as
    select c, name, stripe_id, lower(translate(split_part(shown, ' ', 1), 'ëüéø', 'eueo') || '.' || translate(split_part(shown, ' ', 2), '''', ''))
      || owner || '@' || (array['example.com', 'example.org', 'mail.example', 'post.example'])[1 + owner % 4] as email
    from (
      select c, ${name("c")} as name, ${name("owner")} as shown, owner, ${id("cus", "c")} as stripe_id
      from (select c, case when c % 20 = 0 then c + 1 else c end as owner from generate_series(0, $1::bigint / 3) as c) as owners,
        (select $2::text[] as given, $3::text[] as starts, $4::text[] as ends) as lists
    ) as named`,
  values: [given, familyStarts, familyEnds],
};

function name(person: string): string {
  const first = `given[1 + floor(cardinality(given) * power(${chance(person, 1)} / 2147483648.0, 2))::int]`;
  return `${first} || ' ' || ${pick("starts", person, 2)} || ${pick("ends", person, 3)}`;
}

const purchases: FillStep = {
  text: `insert into purchases (id, app_id, stripe_account_id, stripe_charge_id, stripe_payment_intent_id, stripe_customer_id,
      app_customer_id, livemode, amount_captured, currency, customer_email, customer_name, product_name, order_number,
      payment_method_brand, payment_method_last4, personal_salt, purchased_at, created_at, updated_at)
    select ${id("pur", "i")}, 'app_' || app, 'acct_' || app, ${id("ch", "i")}, ${id("pi", "i")}, stripe_id,
      case when c % 3 = 0 then 'user-' || c end, false, 900 + 1000 * (${chance("i", 4)} % 40),
      (array['eur', 'usd', 'eur', 'gbp', 'eur', 'jpy'])[1 + ${chance("i", 5)} % 6],
      email, name, ${pick("products", "i", 6)}, 'R-' || (100000 + i), (array['visa', 'visa', 'mastercard', 'amex'])[1 + ${chance("i", 7)} % 4],
      lpad((${chance("c", 8)} % 100 * 97)::text, 4, '0'), md5('salt' || i), ${at}, ${at}, ${at}
    from (select i, ${appNumber} as app, ${chance("i", 9)} % ($1::bigint / 3 + 1) as buyer from generate_series(1, $1::bigint) as i) as drawn
    join people on c = buyer cross join (select $2::text[] as products) as lists
    order by i`,
  values: [products],
};

/** Of a hundred: 85 by merchants, 5 that wait for a person, and 10 that were rejected or lapsed. */
const refunds: FillStep = {
  text: `insert into refunds (id, app_id, purchase_id, stripe_account_id, stripe_charge_id, origin, amount, currency, reason,
      requested_by_kind, requested_by_id, requested_by_owner, status, stripe_refund_id, requested_at, awaiting_since, settled_at, updated_at)
    select ${id("rfd", "i")}, app_id, id, stripe_account_id, stripe_charge_id, case when kind < 85 then 'stripe' else 'redress' end,
      amount_captured, currency, 'requested_by_customer', case when kind < 85 then 'stripe' else 'agent' end,
      case when kind < 85 then stripe_account_id else 'key_bench' end, case when kind < 85 then stripe_account_id else 'opr_bench' end,
      case when kind < 82 then 'succeeded' when kind < 85 then 'failed' when kind < 90 then 'awaiting_approval' when kind < 96 then 'rejected' else 'expired' end,
      case when kind < 85 then ${id("re", "i")} end, purchased_at + interval '2 days', purchased_at + interval '2 days',
      case when kind < 85 then purchased_at + interval '2 days' end, purchased_at + interval '2 days'
    from (select substr(order_number, 3)::bigint - 100000 as i, * from purchases) as sold,
      lateral (select ${chance("i", 10)} % 100 as kind) as drawn
    where i % 10 = 0 and $1::bigint > 0 order by purchased_at`,
  values: [],
};

const notifications: FillStep = {
  text: `insert into notifications (id, app_id, purchase_id, refund_id, type, sequence, access, payload, status, attempt_count, created_at, received_at, done_at)
    select replace(id, 'rfd_', 'ntf_'), app_id, purchase_id, id, 'refund.succeeded', 1, 'revoke', jsonb_build_object('refundId', id),
      case when kind < 2 then 'dead' when kind < 4 then 'declined' else 'done' end, 1, settled_at, settled_at, settled_at
    from (select *, (hashtext(id) & 2147483647) % 100 as kind from refunds) as told
    where status = 'succeeded' and $1::bigint > 0 order by settled_at`,
  values: [],
};

const deliveries: FillStep = {
  text: `insert into deliveries (id, notification_id, number, url, started_at, finished_at, http_status)
    select replace(id, 'ntf_', 'dlv_'), id, 1, 'https://app.example/redress', created_at, created_at,
      case when status = 'dead' then 500 else 200 end
    from notifications where $1::bigint > 0 order by created_at`,
  values: [],
};

const events: FillStep = {
  text: `insert into stripe_events (id, type, account_id, livemode, stripe_created_at, received_at, endpoint, payload, status)
    select ${id("evt", "i")}, (array['charge.succeeded', 'charge.updated', 'payout.paid'])[1 + ${chance("i", 11)} % 3],
      'acct_' || ${appNumber}, false, ${at}, ${at}, 'connect', repeat('x', 200),
      case when i % 1000 = 0 then 'failed' when ${chance("i", 11)} % 3 = 2 then 'ignored' else 'handled' end
    from generate_series(1, $1::bigint) as i order by i`,
  values: [],
};

/** Four entries for each refund, and now and then one of a kind that is rare. */
const audit: FillStep = {
  text: `insert into audit_logs (at, actor_kind, actor_id, action, app_id, purchase_id, refund_id, correlation_id, details)
    select requested_at + step * interval '1 second', case when step = 1 then 'agent' else 'stripe' end,
      case when step = 1 then 'key_bench' else stripe_account_id end,
      case when step = 4 and (hashtext(id) & 2147483647) % 20 = 0 then 'stripe_asked'
        else (array['refund_requested', 'refund_approved', 'refund_executed', 'refund_confirmed'])[step] end,
      app_id, purchase_id, id, 'cor_' || substr(md5(id), 1, 20), '{}'
    from refunds, generate_series(1, 4) as step where $1::bigint > 0 order by requested_at, step`,
  values: [],
};

/** In this order: each reads what those before it have written. */
export const steps: readonly FillStep[] = [
  apps,
  people,
  purchases,
  refunds,
  notifications,
  deliveries,
  events,
  audit,
];
