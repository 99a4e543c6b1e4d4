/** An event as Stripe sent it, cut where ids of its own go in. */
export interface EventTemplate {
  readonly type: string;
  readonly pieces: readonly string[];
  /** What stands between the pieces. */
  readonly ids: readonly IdKind[];
}
type IdKind = "evt" | "ch" | "pi";

export interface SignedEvent {
  readonly id: string;
  readonly body: string;
}

/**
 * Of a hundred events: sales are news of a new charge each, as at Stripe, and so have ids of their own;
 * news of refunds is about charges and refunds that exist at the sandbox, since Redress asks for them.
 */
export const eventMix: readonly {
  readonly type: string;
  readonly share: number;
  readonly ownCharge: boolean;
}[] = [
  { type: "charge.succeeded", share: 35, ownCharge: true },
  { type: "charge.updated", share: 25, ownCharge: true },
  { type: "charge.refunded", share: 10, ownCharge: false },
  { type: "refund.created", share: 15, ownCharge: false },
  { type: "refund.updated", share: 15, ownCharge: false },
];

interface EventLike {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: { readonly id: string; readonly payment_intent?: string | null } };
}

/** Cuts an event into a template. `body` is what Stripe would send for it. */
export function cutEvent(event: EventLike, body: string): EventTemplate {
  const { object } = event.data;
  const ownCharge = eventMix.some(({ type, ownCharge }) => type === event.type && ownCharge);
  const known = new Map<string, IdKind>([[event.id, "evt"]]);
  if (ownCharge) known.set(object.id, "ch");
  if (ownCharge && object.payment_intent) known.set(object.payment_intent, "pi");
  const parts = body.split(new RegExp(`(${[...known.keys()].join("|")})`));
  return {
    type: event.type,
    pieces: parts.filter((_, index) => index % 2 === 0),
    ids: parts.filter((_, index) => index % 2 === 1).map((id) => known.get(id) ?? "evt"),
  };
}

/**
 * Distinct events without end, in the shares of `eventMix` and always in the same order.
 *
 * @param prefix letters and digits that no other source of the same run has
 * @throws Error when there is no template of a type
 */
export function createEventSource(templates: readonly EventTemplate[], prefix: string): () => SignedEvent {
  const kinds = eventMix.map(({ type, share }) => {
    const ofType = templates.filter((template) => template.type === type);
    if (ofType.length === 0) throw new Error(`There is no template of ${type}.`);
    return { share, ofType, credit: 0, used: 0 };
  });
  const total = kinds.reduce((sum, { share }) => sum + share, 0);
  let count = 0;
  return () => {
    // The kind that is furthest behind its share: an even mix, without chance.
    for (const kind of kinds) kind.credit += kind.share;
    const kind = kinds.reduce((most, other) => (other.credit > most.credit ? other : most));
    kind.credit -= total;
    const template = kind.ofType[kind.used % kind.ofType.length];
    kind.used += 1;
    count += 1;
    if (!template) throw new Error("unreachable: a kind has a template");
    return write(template, `3${prefix}${count.toString(36).padStart(9, "0")}`);
  };
}

function write({ pieces, ids }: EventTemplate, suffix: string): SignedEvent {
  let body = pieces[0] ?? "";
  for (const [index, kind] of ids.entries()) body += `${kind}_${suffix}${pieces[index + 1] ?? ""}`;
  return { id: `evt_${suffix}`, body };
}
