import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

interface RefundRow extends Record<string, unknown> {
  origin: string;
  amount: string;
  status: string;
}

/** What is not as the scenario expects it, in sentences; the witnesses are Stripe's ledger and the app. */
export async function findMissing(stage: Stage, expected: Expectation): Promise<string[]> {
  const { world, app } = stage;
  const { accounts } = await world.sandbox.admin.ledger();
  const refunds = accounts[app.accountId]?.refunds ?? [];
  const rows = await world.database.query<RefundRow>("select origin, amount, status from refunds");
  const facts = new Map(
    app.receiver.received.map(({ id, notification: { type, data } }) => [
      id,
      `${type} ${data.refund.amount}`,
    ]),
  );
  const access = app.receiver.revoked.has(stage.charge.id) ? "revoked" : "open";
  const [person] = stage.people;
  const answer = person?.person.answer ?? null;
  return [
    ...differences(
      "Stripe has",
      expected.stripe,
      refunds.map(({ amount, status }) => `${amount} ${status}`),
    ),
    ...differences(
      "the desk has",
      expected.rows,
      rows.map(({ origin, amount, status }) => `${origin} ${amount} ${status}`),
    ),
    ...differences("the app knows", expected.told, [...facts.values()]),
    ...(access === expected.access ? [] : [`access is ${access}, not ${expected.access}`]),
    ...(person === undefined || (answer !== null && expected.answer?.test(answer) !== false)
      ? []
      : [`${person.person.name} was told ${answer ?? "nothing"}`]),
    ...(await findConnection(stage)),
  ];
}

/** Whether nothing is under way: neither for the engine, nor at Stripe, nor to the app. */
export async function isAtRest({ world }: Stage): Promise<boolean> {
  if (world.webhooks.open > 0 || world.desk.process === null) return false;
  return (await countOpen(world)) === 0;
}

/** What the database says is still to be done. */
export async function countOpen({ database }: Stage["world"]): Promise<number> {
  const [open] = await database.query<{ count: string }>(
    `select (select count(*) from outbox_messages where send_at is not null)
          + (select count(*) from refunds where status in ('requested', 'approved', 'executing'))
          + (select count(*) from notifications where status = 'pending')
          + (select count(*) from stripe_events where status = 'received')
          + (select count(*) from reconciliation_runs where status = 'running') as count`,
  );
  return Number(open?.count);
}

function differences(who: string, expected: readonly string[], found: readonly string[]): string[] {
  const text = (list: readonly string[]) => list.toSorted().join(" + ") || "nothing";
  return text(expected) === text(found) ? [] : [`${who} ${text(found)}, not ${text(expected)}`];
}

/** In every scenario the app is connected in the end, and the purchase known. */
async function findConnection({ world, app, charge }: Stage): Promise<string[]> {
  const [row] = await world.database.query<{ account: string | null; purchases: string }>(
    `select stripe_account_id as account,
       (select count(*) from purchases where stripe_charge_id = $2) as purchases from apps where id = $1`,
    [app.id, charge.id],
  );
  const { accounts } = await world.sandbox.admin.listAccounts();
  const isConnected = accounts.find(({ id }) => id === app.accountId)?.connected === true;
  return [
    ...(row?.account === app.accountId ? [] : ["the desk does not know the connection"]),
    ...(isConnected ? [] : ["Stripe does not know the connection"]),
    ...(row?.purchases === "1" ? [] : ["the desk does not know the purchase"]),
  ];
}
