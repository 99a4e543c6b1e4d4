import { z } from "zod";
import { amountStep } from "../money.ts";

export const webAddress = z
  .url({ protocol: /^https?$/, abort: true, error: "must be a web address that starts with https://" })
  .max(2000)
  .refine((url) => {
    const { username, password } = new URL(url);
    return username === "" && password === "";
  }, "must hold no user name or password: addresses are shown and kept in the audit log");

const approvalRule = z
  .strictObject({
    amount: z.int().positive(),
    currency: z.string().regex(/^[a-z]{3}$/, "must be a lower-case currency such as eur"),
  })
  .refine(({ amount, currency }) => amount % amountStep(currency) === 0, "is not an amount of this currency");

/** What may be set of an app, at its creation and later. Null clears. */
export const appSettingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  contactEmail: z.email().max(320).nullable(),
  websiteUrl: webAddress.nullable(),
  productDescription: z.string().trim().min(1).max(1000).nullable(),
  notificationUrl: webAddress.nullable(),
  revokeAccessOnPartialRefund: z.boolean(),
  refundApplicationFee: z.boolean(),
  slackChannel: z
    .string()
    .regex(
      /^[CG][A-Z0-9]{2,30}$/,
      "must be the id of a channel, such as C0123ABCD: Slack shows it at the end of the channel's details",
    )
    .nullable(),
  approvalRules: z
    .array(approvalRule)
    .refine(
      (rules) => new Set(rules.map(({ currency }) => currency)).size === rules.length,
      "has a currency twice",
    )
    .transform((rules) => rules.toSorted((a, b) => (a.currency < b.currency ? -1 : 1))),
});
export type AppSettings = z.infer<typeof appSettingsSchema>;
/** Those that are given. */
export type AppChanges = { readonly [Name in keyof AppSettings]?: AppSettings[Name] | undefined };

export const settingNames = appSettingsSchema.keyof().options;

export const slugSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end",
  );
