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
