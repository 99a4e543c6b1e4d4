import { z } from "zod";

/** Other years have no text form that JavaScript and PostgreSQL share. */
const [firstMoment, afterLast] = [Date.UTC(1970, 0), Date.UTC(10_000, 0)];
/** A day, midnight UTC, or a moment. */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= firstMoment && at.getTime() < afterLast);

export const eventStatus = z.enum(["received", "handled", "ignored", "failed"]);

/** Which events are meant. `since` and `until` are about when an event came in. */
export const eventFilter = z.object({
  app: z.string().max(100).exactOptional(),
  /** Stripe's type; with `*` at its end all that begin so. */
  type: z.string().max(100).exactOptional(),
  status: eventStatus.exactOptional(),
  label: z.string().max(100).exactOptional(),
  since: moment.exactOptional(),
  until: moment.exactOptional(),
});

/** A window of the inbox: its start is needed. */
export const eventWindow = z.strictObject({ ...eventFilter.shape, since: moment });

/** What is to be pulled from Stripe's list. */
export const pullBody = z.strictObject({
  since: moment,
  until: moment.exactOptional(),
  cursor: z.string().max(255).exactOptional(),
});

export const wordQuery = z
  .enum(["true", "false"])
  .transform((word) => word === "true")
  .optional();
