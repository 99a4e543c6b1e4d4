import { z } from "zod";

/**
 * What the inbox keeps apart from the body. PostgreSQL must be able to hold it: no U+0000, no halves of
 * surrogate pairs.
 */
const id = z.string().regex(/^[\w.-]{1,255}$/);
const word = z.string().regex(/^[\x21-\x7e]{1,255}$/);
/** The year 9999: later moments have no common text form. */
const lastSecond = 253_402_300_799;

const snapshotSchema = z.object({
  id,
  object: z.literal("event"),
  type: word,
  account: word.nullish(),
  api_version: word.nullish(),
  /** Seconds since 1970. */
  created: z.int().min(0).max(lastSecond),
  livemode: z.boolean(),
  data: z.custom<Record<string, unknown>>((data) => isRecord(data) && isRecord(data.object)),
});

const relatedObjectSchema = z.object({ id: word, type: word });

/**
 * A notification of Stripe's v2, after the types `EventNotification…` of its SDK and its documentation of
 * thin events. No test against Stripe has shown one yet. Measured with the SDK alone: it takes these
 * members, and `v1.account.application.deauthorized` has no related object. Not known for sure: what
 * `related_object.type` reads for objects of v1 (taken here: the object's own name, as in its snapshot),
 * and whether `context` may hold more than the account's id.
 */
const thinSchema = z.object({
  id,
  object: z.literal("v2.core.event"),
  type: word,
  context: word.nullish(),
  created: z.iso.datetime({ offset: true }),
  livemode: z.boolean(),
  related_object: relatedObjectSchema.nullish(),
});

/** The object that a thin event is about. */
export type RelatedObject = z.infer<typeof relatedObjectSchema>;

/** One of Stripe's events as it came; what is inside `data` is read by who handles it. */
export interface StripeEventEnvelope {
  readonly id: string;
  readonly type: string;
  /** `thin`: a notification of v2, which names its object and does not hold it. */
  readonly shape: "snapshot" | "thin";
  /** Null for events of the platform's own account. */
  readonly accountId: string | null;
  readonly apiVersion: string | null;
  /** Seconds since 1970. */
  readonly created: number;
  readonly livemode: boolean;
  /** A snapshot's own `data`: `{ object, previous_attributes? }`. A thin event's: `{ related_object }`. */
  readonly data: Record<string, unknown>;
}

/** @returns null when the text is not JSON, or not an event of Stripe */
export function parseStripeEvent(payload: string): StripeEventEnvelope | null {
  const value = parseJson(payload);
  if (!isRecord(value)) return null;
  return value.object === "v2.core.event" ? readThin(value) : readSnapshot(value);
}

/** The object that the message of a thin event names; null for a snapshot's. */
export function relatedObjectOf(data: Record<string, unknown>): RelatedObject | null {
  const parsed = relatedObjectSchema.safeParse(data.related_object);
  return parsed.success ? parsed.data : null;
}

function readSnapshot(value: Record<string, unknown>): StripeEventEnvelope | null {
  const parsed = snapshotSchema.safeParse(value);
  if (!parsed.success) return null;
  const { account, api_version, id, type, created, livemode, data } = parsed.data;
  const facts = { id, type, created, livemode, data };
  return { ...facts, shape: "snapshot", accountId: account ?? null, apiVersion: api_version ?? null };
}

function readThin(value: Record<string, unknown>): StripeEventEnvelope | null {
  const parsed = thinSchema.safeParse(value);
  if (!parsed.success) return null;
  const { context, id, type, livemode, related_object } = parsed.data;
  const created = Math.floor(Date.parse(parsed.data.created) / 1000);
  if (!(created >= 0 && created <= lastSecond)) return null;
  const facts = { id, type, created, livemode, apiVersion: null };
  // A context is a path of accounts, the innermost last (StripeContext of the SDK).
  const accountId = context?.split("/").at(-1) || null;
  return { ...facts, shape: "thin", accountId, data: { related_object: related_object ?? null } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
