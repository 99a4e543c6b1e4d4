import { deliveryStates } from "@redress/core/notifications/list-deliveries";
import { z } from "zod";
import { moment } from "./events-input.ts";

/** Which messages to apps are meant. `since` and `until` are about when a message came to be. */
export const deliveryFilter = z.object({
  app: z.string().max(100).exactOptional(),
  state: z.enum(deliveryStates).exactOptional(),
  since: moment.exactOptional(),
  until: moment.exactOptional(),
});

/** A window whose messages are sent again: its start is needed. */
export const resendBody = z.strictObject({
  app: z.string().max(100).exactOptional(),
  state: z.enum(["dead", "declined"]).default("dead"),
  since: moment,
  until: moment.exactOptional(),
  dryRun: z.boolean().default(false),
});

/** The same as a form: `count` says how many, `send` sends them, `change` goes back. Kept as it was typed, to be shown. */
export const resendForm = z.object({
  step: z.enum(["count", "send", "change"]),
  app: z.string().max(100),
  state: resendBody.shape.state,
  since: z.string().refine((text) => moment.safeParse(text).success, "must be a day such as 2026-11-01"),
  until: z
    .string()
    .refine((text) => text === "" || moment.safeParse(text).success, "must be a day such as 2026-11-01"),
});

/** What the form means; an empty app stands for all. */
export function windowOf({ app, state, since, until }: Omit<z.infer<typeof resendForm>, "step">) {
  return {
    ...(app === "" ? {} : { app }),
    ...{ state, since: moment.parse(since), until: moment.parse(until) },
  };
}
