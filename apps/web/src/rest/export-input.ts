import { exportCurrency, exportMonth } from "@redress/core/accounting/export-refunds";
import { slugSchema } from "@redress/core/apps/app-input";
import { z } from "zod";

/** A form sends what was left empty as well. */
const orEmpty = <Schema extends z.ZodType<string, string>>(schema: Schema) =>
  z
    .union([z.literal(""), schema])
    .transform((text) => (text === "" ? undefined : text))
    .optional();

/** Which movements are wanted: of an app (its slug), of a month in UTC, in a currency. */
export const refundExportQuery = z.object({
  app: orEmpty(slugSchema),
  month: orEmpty(exportMonth),
  currency: orEmpty(exportCurrency),
});
export type RefundExportQuery = z.output<typeof refundExportQuery>;

/** Which purchases are wanted: of an app (its slug), found by words as the page of purchases takes them. */
export const purchaseExportQuery = z.object({
  app: orEmpty(slugSchema),
  query: orEmpty(z.string().trim().max(200)),
});
