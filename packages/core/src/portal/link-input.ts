import { z } from "zod";

const hourMs = 60 * 60 * 1000;

/** How long a link may work. */
export const linkLives = { "1h": hourMs, "1d": 24 * hourMs, "7d": 7 * 24 * hourMs } as const;

/** What a link for an app's developer is made of. */
export const newLinkSchema = z.strictObject({
  /** Whom it is for, to tell links apart. */
  name: z.string().trim().min(1).max(100),
  expiresIn: z.enum(["1h", "1d", "7d"]),
});
export type NewLink = z.output<typeof newLinkSchema>;
