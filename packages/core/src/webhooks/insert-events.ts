import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { EventVerdict } from "./judge-event.ts";
import type { StripeEventEnvelope } from "./stripe-event.ts";

export interface ReceivedEvent extends EventVerdict {
  readonly event: StripeEventEnvelope;
  /** The body as it came: UTF-8. */
  readonly payload: Buffer;
  /** Whose secret signed it, or `pulled`: listed by us, since no webhook had told. */
  readonly endpoint: "platform" | "connect" | "pulled";
  /** Where its trace goes on; absent where nothing is traced. */
  readonly traceParent?: string | null;
}

/**
 * Bodies travel as one piece of bytes, each cut out by its place: as members of the JSON they would be
 * escaped here and read again there. The statement is always the same,
 * so that the server plans it once for each connection.
 *
 * An account is known if an app has it, or if a purchase was made on it while one had.
 */
const statement = `
  with arrived as (
    select * from json_to_recordset($1::json) as arrived (
      id text, type text, "accountId" text, livemode boolean, "apiVersion" text, created double precision,
      endpoint text, shape text, ignored boolean, labels text[], "messageId" text, "traceParent" text, start integer, size integer)
  ), stored as (
    insert into stripe_events
      (id, type, account_id, livemode, api_version, stripe_created_at, received_at, endpoint, payload, status,
       shape, labels, handled_at)
    select id, type, "accountId", livemode, "apiVersion", to_timestamp(created), $3::timestamptz, endpoint,
      convert_from(substring($2::bytea from start for size), 'UTF8'),
      case when ignored then 'ignored' else 'received' end, shape,
      case
        when "accountId" is null then labels
        when exists (select from apps where apps.stripe_account_id = arrived."accountId") then labels
        when exists (select from purchases where purchases.stripe_account_id = arrived."accountId") then labels
        else array_append(labels, 'unknown_account')
      end,
      case when ignored then $3::timestamptz end
    from arrived
    on conflict (id) do nothing
    returning id, status, labels
  ), queued as (
    insert into outbox_messages (id, name, fact_key, data, trace_parent, created_at, send_at)
    select arrived."messageId", 'stripe/event.received', 'stripe-event:' || arrived.id,
      jsonb_build_object('id', arrived.id), arrived."traceParent", $3::timestamptz, $3::timestamptz
    from stored join arrived using (id)
    where stored.status = 'received'
    on conflict (fact_key) do nothing
  )
  select id, labels from stored`;

/**
 * Inbox row and outbox message in one statement: both or neither. A known event id writes nothing.
 *
 * @param events of different ids
 * @param answerMs after so long without an answer it throws, and whether they were written is unknown
 * @returns the labels that were stored, by event id; without those that came before
 */
export async function insertEvents(
  { database, clock, random }: Pick<Dependencies, "database" | "clock" | "random">,
  events: readonly ReceivedEvent[],
  answerMs: number,
): Promise<Map<string, string[]>> {
  let start = 1;
  const rows = events.map(({ event, payload, endpoint, ignored, labels, traceParent }) => {
    const { data: _, ...facts } = event;
    const size = payload.byteLength;
    const messageId = newId(random, "message");
    const row = { ...facts, endpoint, ignored, labels, traceParent, messageId, start, size };
    start += size;
    return row;
  });
  const bodies = events.map(({ payload }) => payload);
  const values = [
    JSON.stringify(rows),
    bodies.length === 1 ? bodies[0] : Buffer.concat(bodies),
    clock.now().toISOString(),
  ];
  // The types of pg know the timeout of a client, not that of a query.
  const query = { name: "redress-inbox", text: statement, values, query_timeout: answerMs };
  const { rows: stored } = await database.$client.query<{ id: string; labels: string[] }>(query);
  return new Map(stored.map(({ id, labels }) => [id, labels]));
}
