import { z } from "zod";
import { matchesType } from "./endpoint.ts";

/** How events leave from now on (`POST /admin/delivery`). */
export const deliveryModeSchema = z.strictObject({
  /** hold: collect until the mode is normal again; drop: never send. */
  mode: z.enum(["normal", "hold", "drop"]),
  /** Extra copies of every delivery. */
  duplicate: z.int().min(0).max(100).default(0),
  /** Send what is due at the same moment in seeded random order. */
  shuffle: z.boolean().default(false),
  /** Sign with a wrong secret. */
  badSignature: z.boolean().default(false),
  /** Deliver before the request that caused the event is answered. */
  beforeResponse: z.boolean().default(false),
  /** Only events of these types (`refund.*` works); the others leave as usual. */
  types: z.array(z.string()).optional(),
});

export type DeliveryMode = z.output<typeof deliveryModeSchema>;

export const NORMAL_DELIVERY: DeliveryMode = deliveryModeSchema.parse({ mode: "normal" });

/** The mode for this event type: the given one if it covers the type, else the normal one. */
export function modeFor(mode: DeliveryMode, type: string): DeliveryMode {
  return mode.types === undefined || mode.types.some((pattern) => matchesType(pattern, type))
    ? mode
    : NORMAL_DELIVERY;
}
