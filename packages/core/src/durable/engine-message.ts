import { z } from "zod";
import { type MessageName, messageSchemas } from "../outbox/messages.ts";
import type { EngineMessage } from "./port.ts";

const envelope = {
  id: z.string(),
  sendCount: z.int().positive(),
  /** Runs of earlier releases have none. */
  traceParent: z.string().nullish(),
};
const schema = z.discriminatedUnion("name", [
  z.object({
    ...envelope,
    name: z.literal("stripe/event.received"),
    data: messageSchemas["stripe/event.received"],
  }),
  z.object({
    ...envelope,
    name: z.literal("refund/execution.due"),
    data: messageSchemas["refund/execution.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("notification/delivery.due"),
    data: messageSchemas["notification/delivery.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("approval/told.due"),
    data: messageSchemas["approval/told.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("agent/told.due"),
    data: messageSchemas["agent/told.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("mail/sending.due"),
    data: messageSchemas["mail/sending.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("purchases/import.requested"),
    data: messageSchemas["purchases/import.requested"],
  }),
  z.object({
    ...envelope,
    name: z.literal("bulk/preparation.due"),
    data: messageSchemas["bulk/preparation.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("bulk/told.due"),
    data: messageSchemas["bulk/told.due"],
  }),
  z.object({
    ...envelope,
    name: z.literal("bulk/execution.due"),
    data: messageSchemas["bulk/execution.due"],
  }),
]);

type Unread = Exclude<MessageName, z.infer<typeof schema>["name"]>;

/**
 * Reads a message that comes back from a database row or an engine. Throws when it is none of ours.
 * It does not compile where a message is missing above: no engine could hand that one over.
 */
export function parseEngineMessage(value: unknown): [Unread] extends [never] ? EngineMessage : never {
  return schema.parse(value);
}
