import { z } from "zod";
import { slugSchema } from "../apps/app-input.ts";

/** A site that may frame the panel, as browsers name it: no path, and no wildcard, which would let in whoever rents there. */
const form = /^(https:\/\/[a-z0-9.-]+|http:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?$/;

const origin = z
  .string()
  .trim()
  .max(300)
  .transform((text) => text.toLowerCase().replace(/\/$/, ""))
  .refine(
    (text) => form.test(text) && URL.canParse(text),
    "must be a site such as https://acme.zendesk.com, without a path or *",
  );

/** What a new key for a helpdesk is made of. */
export const newEmbedKeySchema = z.strictObject({
  /** The helpdesk's, for people. */
  name: z.string().trim().min(1).max(100),
  origins: z
    .array(origin)
    .min(1)
    .max(10)
    .transform((given) => [...new Set(given)]),
  /** Slugs. Omitted: every app, those to come too. */
  apps: z
    .array(slugSchema)
    .min(1)
    .max(1000)
    .transform((slugs) => [...new Set(slugs)])
    .optional(),
});
export type NewEmbedKey = z.output<typeof newEmbedKeySchema>;

export const embedRotationSchema = z.strictObject({
  /** The old secret has leaked: it ends now, not in a day. */
  endPrevious: z.boolean().default(false),
});
