import { chance, type FillStep } from "../search/fill-steps.ts";

/** The same for the same refund. */
const drawn = chance("hashtext(refunds.id)::bigint", 12);

/**
 * Of a hundred refunds that Stripe has, forty were made in its Dashboard, forty were allowed by policy and twenty approved by
 * a person, half a minute to a day after they were asked for. A person has decided what was rejected, too.
 */
const approvals: FillStep = {
  text: `insert into approvals (id, refund_id, purchase_id, amount, currency, requested_by_owner, decision, decided_by_kind,
      decided_by_id, decided_at, app_id, asked_at)
    select replace(id, 'rfd_', 'apr_'), id, purchase_id, amount, currency, 'opr_bench',
      case when status = 'rejected' then 'rejected' else 'approved' end,
      case when status = 'succeeded' and kind < 80 then 'policy' else 'operator' end,
      case when status = 'succeeded' and kind < 80 then 'policy' else 'opr_other' end,
      requested_at + waited, app_id, case when status = 'succeeded' and kind < 80 then null else requested_at end
    from refunds, lateral (select ${drawn} % 100 as kind) as draw,
      lateral (select case when status = 'succeeded' and kind < 80 then interval '0' else interval '30 seconds'
        + ${chance("hashtext(refunds.id)::bigint", 13)} % 86400 * interval '1 second' end as waited) as wait
    where (status = 'rejected' or (status = 'succeeded' and kind >= 40)) and $1::bigint > 0`,
  values: [],
};

const approved: FillStep = {
  text: `update refunds set origin = 'redress', requested_by_kind = 'agent', requested_by_id = 'key_bench',
      requested_by_owner = 'opr_bench', approval_id = approvals.id, awaiting_since = approvals.asked_at,
      approved_at = approvals.decided_at, settled_at = approvals.decided_at + ${drawn} % 600 * interval '1 second',
      reason = (array['requested_by_customer', 'requested_by_customer', 'duplicate', 'fraudulent'])[1 + ${drawn} % 4]
    from approvals where approvals.refund_id = refunds.id and refunds.status = 'succeeded' and $1::bigint > 0`,
  values: [],
};

/** As the migration and the triggers count them. */
const paid: FillStep = {
  text: `insert into paid_totals (day, app_id, currency, amount, count)
    select (purchased_at at time zone 'UTC')::date, app_id, currency, sum(amount_captured), count(*)
    from purchases where $1::bigint > 0 group by 1, 2, 3`,
  values: [],
};

/** What an app declined or could not be told of over a week ago has been seen to since. */
const settledAccess: FillStep = {
  text: `update notifications set status = 'done'
    where status in ('dead', 'declined') and created_at < now() - interval '7 days' and $1::bigint > 0`,
  values: [],
};

const disputes: FillStep = {
  text: `update purchases set dispute_status = 'needs_response', refunds_blocked_by_dispute = true,
      dispute_due_at = purchased_at + interval '20 days'
    where ${chance("substr(order_number, 3)::bigint", 14)} % 10000 = 0 and $1::bigint > 0`,
  values: [],
};

/** Sixty finished lists of a hundred lines. */
const lists: FillStep = {
  text: `insert into bulk_refunds (id, app_id, status, source, reason, requested_by_kind, requested_by_id, requested_by_owner,
      item_count, list_hash, decided_by, decided_at, requested_at, finished_at, worked_at)
    select 'blk_' || i, 'app_1', 'finished', 'rows', 'requested_by_customer', 'operator', 'opr_bench', 'opr_bench',
      100, md5(i::text), 'opr_other', now(), now() - i * interval '1 day', now() - i * interval '1 day', now()
    from generate_series(1, 60) as i where $1::bigint > 0`,
  values: [],
};

const lines: FillStep = {
  text: `insert into bulk_refund_items (bulk_refund_id, position, handle, amount, currency, found_purchase_id, purchase_id, status)
    select 'blk_' || 1 + (n - 1) / 100, 1 + (n - 1) % 100, id, amount_captured, currency, id, id, 'requested'
    from (select row_number() over (order by id) as n, * from (
      select id, amount_captured, currency from purchases where app_id = 'app_1' order by id limit 6000) as sold) as numbered
    where $1::bigint > 0`,
  values: [],
};

/** What a desk in use has beside what the lists are measured with. */
export const decisionSteps: readonly FillStep[] = [
  ...[approvals, approved, paid, settledAccess, disputes, lists, lines],
];
