import { agentPermissions } from "@redress/database";
import { z } from "zod";
import { slugSchema, webAddress } from "../apps/app-input.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** A key works so long unless told, and at most. */
export const usualLifeMs = 90 * dayMs;
export const longestLifeMs = 366 * dayMs;
/** After a rotation the old secret works so long unless told, and at most. */
export const usualOverlapMs = dayMs;
export const longestOverlapMs = 30 * dayMs;

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What a new key is made of. */
export const newKeySchema = z.strictObject({
  /** The program's, for people. */
  name: z.string().trim().min(1).max(100),
  /** All that agents can have unless told. */
  permissions: z
    .array(z.enum(agentPermissions))
    .min(1)
    .transform((given) => agentPermissions.filter((permission) => given.includes(permission)))
    .default([...agentPermissions]),
  /** Slugs. Omitted: every app of the owner's, those to come too. */
  apps: z
    .array(slugSchema)
    .min(1)
    .max(1000)
    .transform((slugs) => [...new Set(slugs)])
    .optional(),
  /** 90 days from now unless told, at most 366. */
  expiresAt: moment.optional(),
  ratePerMinute: z.int().min(1).max(6000).default(60),
});
export type NewKey = z.output<typeof newKeySchema>;

/** Where the key's program is told of its refunds; null ends it. */
export const keyWebhookSchema = z.strictObject({ url: webAddress.nullable() });

export const rotationSchema = z.strictObject({
  /** Until when the old secret works as well: a day from now unless told, at most 30. The past ends it at once. */
  oldWorksUntil: moment.optional(),
});
