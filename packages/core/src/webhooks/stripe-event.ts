import { z } from "zod";

const schema = z.object({
  id: z.string().min(1).max(255),
  object: z.literal("event"),
  type: z.string().min(1).max(255),
  account: z.string().min(1).max(255).nullish(),
  api_version: z.string().nullish(),
  /** Seconds since 1970. */
  created: z.int().min(0).max(8_640_000_000_000),
  livemode: z.boolean(),
  data: z.looseObject({ object: z.record(z.string(), z.unknown()) }),
});

/** The envelope of one of Stripe's snapshot events; what is inside `data` is read by who handles it. */
export type StripeEventEnvelope = z.infer<typeof schema>;

/** @returns null when the text is not JSON, or not such an event */
export function parseStripeEvent(payload: string): StripeEventEnvelope | null {
  try {
    return schema.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}
