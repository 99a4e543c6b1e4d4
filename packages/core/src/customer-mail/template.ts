import { z } from "zod";
import { oneLine } from "../mail/one-line.ts";

/** What a template can say of a refund. */
export const placeholders = [
  "customer_name",
  "amount",
  "app",
  "product",
  "order_number",
  "reference",
  "date",
] as const;
export type Placeholder = (typeof placeholders)[number];

/** What is known of a refund; null where nothing is. */
export type TemplateValues = Readonly<Record<Placeholder, string | null>>;

/** `{{name}}`, or `{{name|instead}}` with words for where nothing is known. */
const slot = /\{\{([^{}]*)\}\}/g;
const longestValue = 200;

export interface Template {
  readonly subject: string;
  readonly body: string;
}

export const subjectSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), "must be one line")
  .superRefine(checkSlots);

export const bodySchema = z
  .string()
  .transform((text) => text.replaceAll(/\r\n?/g, "\n").trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(10_000)
      .refine((text) => !/[^\P{Cc}\n\t]/u.test(text), "has a character that is none")
      .superRefine(checkSlots),
  );

/** Says which placeholder is not known, and which are: a mail with `{{…}}` in it must not reach a customer. */
function checkSlots(text: string, context: z.RefinementCtx): void {
  for (const [whole, inside = ""] of text.matchAll(slot)) {
    if (readSlot(inside) === null) {
      context.addIssue({ code: "custom", message: `does not know ${whole}. Known are ${known}` });
    }
  }
  if (/\{\{|\}\}/.test(text.replaceAll(slot, ""))) {
    context.addIssue({ code: "custom", message: `has a placeholder that is not whole. Known are ${known}` });
  }
}

const known = placeholders.map((name) => `{{${name}}}`).join(", ");

function readSlot(inside: string): { name: Placeholder; instead: string } | null {
  const [first = "", ...rest] = inside.split("|");
  const name = placeholders.find((one) => one === first.trim());
  return name === undefined ? null : { name, instead: rest.join("|").trim() };
}

/**
 * Fills in a template that `subjectSchema` and `bodySchema` let through. A value never begins a line of its own, and
 * what looks like a placeholder in it stays as it is.
 */
export function renderTemplate({ subject, body }: Template, values: TemplateValues): Template {
  const fill = (text: string) =>
    text.replaceAll(slot, (whole, inside: string) => {
      const read = readSlot(inside);
      if (read === null) return whole;
      const value = values[read.name];
      return value === null ? read.instead : oneLine(value).trim().slice(0, longestValue);
    });
  return { subject: oneLine(fill(subject)).trim().slice(0, 200), body: fill(body) };
}
