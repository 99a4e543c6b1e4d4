/**
 * What of a Stripe object says nothing about a person. A list of what stays, since Stripe adds members: what
 * is not known is left out.
 */
const kept = new Set([
  "id",
  "object",
  "amount",
  "amount_captured",
  "amount_refunded",
  "currency",
  "status",
  "created",
  "captured",
  "refunded",
  "disputed",
  "paid",
  "livemode",
  "charge",
  "payment_intent",
  "refund",
  "balance_transaction",
  "failure_balance_transaction",
  "reason",
  "failure_reason",
  "failure_code",
  "fraud_type",
  "actionable",
  "is_charge_refundable",
]);
const envelope = ["id", "object", "type", "account", "context", "api_version", "created", "livemode"];
/** An id or a fixed word of Stripe's, even where a member of a kept name holds what somebody typed. */
const isWord = /^[\w.:/+-]{1,255}$/;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The body of an event without personal data: which event, about what, how much, what state. Names,
 * addresses, cards, metadata, descriptions, customers and idempotency keys are gone.
 *
 * @param payload a body as received
 * @returns JSON, as small as it gets
 */
export function reducePayload(payload: string): string {
  const event: unknown = JSON.parse(payload);
  if (!isObject(event)) return "{}";
  const reduced = pick(event, envelope);
  if (isObject(event.data)) {
    const { object, previous_attributes: previous } = event.data;
    reduced.data = {
      object: isObject(object) ? pick(object, kept) : {},
      ...(isObject(previous) && { previous_attributes: pick(previous, kept) }),
    };
  }
  if (isObject(event.related_object)) reduced.related_object = pick(event.related_object, ["id", "type"]);
  if (isObject(event.request)) reduced.request = pick(event.request, ["id"]);
  return JSON.stringify(reduced);
}

function pick(from: Record<string, unknown>, names: Iterable<string>): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    if (!Object.hasOwn(from, name)) continue;
    const value = from[name];
    // An object that was asked for whole leaves its id.
    const plain = isObject(value) ? value.id : value;
    if (isPlain(plain)) picked[name] = plain;
  }
  return picked;
}

function isPlain(value: unknown): boolean {
  if (typeof value === "string") return isWord.test(value);
  return value === null || typeof value === "number" || typeof value === "boolean";
}
