import type { Chance } from "./chance.ts";
import { stripeSide } from "./clicks.ts";
import type { Action } from "./plan.ts";
import type { SentRefund } from "./sent-refunds.ts";
import type { ChargeInWorld, World } from "./world.ts";

/** What a merchant does in the own Dashboard. */
async function post(
  world: World,
  { accountKey, path, form, key }: { accountKey: string; path: string; form: URLSearchParams; key: string },
): Promise<string | null> {
  const answer = await fetch(`${world.sandbox.origin}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${accountKey}`, "idempotency-key": key },
    body: form,
  });
  const body: unknown = await answer.json();
  const isMade = answer.ok && typeof body === "object" && body !== null && "id" in body;
  return isMade ? String(body.id) : null;
}

export function playMerchantRefund(world: World, chance: Chance, action: Action): void {
  const charge = chance.pick(world.charges);
  const amount = chance.pick([null, charge.amount / 2, 100]);
  const form = new URLSearchParams({ charge: charge.id });
  if (amount !== null) form.set("amount", String(amount));
  const request = {
    accountKey: charge.app.accountKey,
    path: "/v1/refunds",
    form,
    key: `dashboard ${action.number}`,
  };
  stripeSide(world, `the merchant refunds ${amount ?? "all"} of ${charge.id}`, () => post(world, request));
}

/** Our marks are wiped off a refund that the desk made. */
export function playStrip(world: World, chance: Chance, action: Action): void {
  const place = chance.below(1_000);
  stripeSide(world, "a merchant strips the metadata of a refund", async () => {
    const sent = newestSent(world, place);
    const charge = chargeOf(world, sent);
    if (sent === undefined || charge === undefined) return;
    const { accounts } = await world.sandbox.admin.ledger();
    const { origins = [] } = accounts[charge.app.accountId] ?? {};
    const id = origins.find(({ idempotencyKey }) => idempotencyKey === sent.key)?.refund;
    if (id === undefined) return;
    world.scheduler.tell(`  it is ${id}`);
    const form = new URLSearchParams({ metadata: "" });
    const { accountKey } = charge.app;
    await post(world, { accountKey, path: `/v1/refunds/${id}`, form, key: `strip ${action.number}` });
  });
}

/** A refund of the merchant's own gets the metadata of one of ours. */
export function playCopy(world: World, chance: Chance, action: Action): void {
  const place = chance.below(1_000);
  const isEqual = chance.happens(0.7);
  stripeSide(world, "a merchant refunds with the metadata of a refund of ours", async () => {
    const sent = newestSent(world, place);
    const charge = chargeOf(world, sent);
    if (sent === undefined || charge === undefined) return;
    const amount = isEqual ? sent.amount : 70;
    const form = new URLSearchParams({ charge: charge.id, amount: String(amount), ...metadataOf(sent) });
    const { accountKey } = charge.app;
    const id = await post(world, { accountKey, path: "/v1/refunds", form, key: `copy ${action.number}` });
    remember(world, id, sent, charge);
  });
}

/** The same, of a refund that was there before. */
export function playEdit(world: World, chance: Chance, action: Action): void {
  const place = chance.below(1_000);
  stripeSide(world, "a merchant edits a refund to carry the metadata of ours", async () => {
    const sent = newestSent(world, place);
    const charge = chargeOf(world, sent);
    if (sent === undefined || charge === undefined) return;
    const { accounts } = await world.sandbox.admin.ledger();
    const { origins = [], refunds = [] } = accounts[charge.app.accountId] ?? {};
    const own = new Set(
      origins.filter(({ idempotencyKey: key }) => key?.startsWith("dashboard")).map(({ refund }) => refund),
    );
    const old = refunds.filter((refund) => own.has(refund.id) && refund.charge === charge.id);
    const id = (old.find(({ amount }) => amount === sent.amount) ?? old[0])?.id;
    if (id === undefined) return;
    const form = new URLSearchParams(metadataOf(sent));
    const { accountKey } = charge.app;
    const isDone = await post(world, {
      accountKey,
      path: `/v1/refunds/${id}`,
      form,
      key: `edit ${action.number}`,
    });
    remember(world, isDone, sent, charge);
  });
}

/** Mostly of the last one, which may still be under way. */
function newestSent({ stripe: { sent } }: World, place: number): SentRefund | undefined {
  return place < 700 ? sent.at(-1) : sent[place % Math.max(1, sent.length)];
}

function chargeOf({ charges }: World, sent: SentRefund | undefined): ChargeInWorld | undefined {
  const id = sent === undefined ? null : new URLSearchParams(sent.body).get("charge");
  return charges.find((charge) => charge.id === id);
}

function metadataOf({ body }: SentRefund): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(body)].filter(([name]) => name.startsWith("metadata[")));
}

function remember(world: World, id: string | null, { refundId }: SentRefund, charge: ChargeInWorld): void {
  if (id === null) return;
  world.scheduler.tell(`  ${id} carries the metadata of ${refundId}`);
  world.memory.copies.push({ stripeRefundId: id, refundId, account: charge.app.accountId });
}
