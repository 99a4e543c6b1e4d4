import { z } from "zod";

/** A decoded form value: text, a nested hash, or an array. Everything arrives as text. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

type Failure = { code?: string; message: string };

function fail(context: z.RefinementCtx, failure: Failure): never {
  context.addIssue({ code: "custom", message: failure.message, params: { code: failure.code } });
  return z.NEVER;
}

/** Text that is not empty. Source: contract section 2.4, "empty string". */
const filled = z.string().transform((value, context) =>
  value === ""
    ? fail(context, {
        code: "parameter_invalid_empty",
        message:
          "You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; however '{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value.",
      })
    : value,
);

function text(maximum = 5000): z.ZodType<string, string> {
  return filled.transform((value, context) =>
    value.length > maximum
      ? fail(context, {
          code: "parameter_invalid_string_length",
          message: `Invalid string: ${value.slice(0, 10)}...; must be at most ${maximum} characters`,
        })
      : value,
  );
}

function integer(options: { minimum?: number; maximum?: number } = {}): z.ZodType<number, string> {
  return filled.transform((value, context) => {
    const code = "parameter_invalid_integer";
    if (!/^-?\d{1,15}$/.test(value)) return fail(context, { code, message: `Invalid integer: ${value}` });
    const number = Number(value);
    const { minimum, maximum } = options;
    if (minimum !== undefined && number < minimum) {
      return fail(context, { code, message: `This value must be greater than or equal to ${minimum}.` });
    }
    if (maximum !== undefined && number > maximum) {
      return fail(context, { code, message: `This value must be less than or equal to ${maximum}.` });
    }
    return number;
  });
}

/** A positive amount in minor units, at most 8 digits. Source: contract section 4.5. */
function amount(): z.ZodType<number, string> {
  return integer({ minimum: 1 }).transform((value, context) =>
    value > 99_999_999
      ? fail(context, { code: "amount_too_large", message: "Amount must be no more than $999,999.99" })
      : value,
  );
}

function boolean(): z.ZodType<boolean, string> {
  return filled.transform((value, context) => {
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    return fail(context, { message: `Invalid boolean: ${value}` });
  });
}

/** "must be one of duplicate, fraudulent, or requested_by_customer": no code, as on the wire. */
function oneOf<const T extends readonly [string, ...string[]]>(values: T): z.ZodType<T[number], string> {
  return filled.transform((value, context) => {
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const head = values.slice(0, -1).join(", ");
    const list = values.length > 2 ? `${head}, or ${values.at(-1)}` : values.join(" or ");
    return fail(context, { message: `Invalid {param}: must be one of ${list}` });
  });
}

/**
 * Metadata as sent: a key with an empty value means "unset this key", and `metadata=""` (null) means
 * "unset all". Merge it into the stored one with {@link mergeMetadata}.
 */
function metadata(): z.ZodType<Record<string, string> | null> {
  return z
    .union([z.literal("").transform(() => null), z.record(z.string(), z.string())])
    .transform((value, context) => {
      for (const [key, entry] of Object.entries(value ?? {})) {
        if (key.length > 40) {
          return fail(context, {
            message: `Invalid metadata key: ${key.slice(0, 40)}...; keys must be at most 40 characters`,
          });
        }
        if (entry.length > 500) {
          return fail(context, {
            message: "Metadata values can have up to 500 characters, but you passed in a longer one",
          });
        }
      }
      return value;
    });
}

/** An empty string unsets: becomes null. */
function clearable<T>(schema: z.ZodType<T, string>): z.ZodType<T | null, string> {
  return z.union([z.literal("").transform(() => null), schema]);
}

function timestamp(): z.ZodType<number, string> {
  return integer({ minimum: 0 });
}

/** `created=1` or `created[gte]=1&created[lt]=2`; Unix seconds, answered as inclusive/exclusive bounds. */
export interface CreatedRange {
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}

function created(): z.ZodType<CreatedRange> {
  const bound = timestamp().optional();
  return z.union([
    timestamp().transform((at) => ({ gte: at, lte: at })),
    z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound }),
  ]);
}

/** The building blocks of parameter schemas: each reads form text and fails with Stripe's own error. */
export const form = {
  text,
  integer,
  amount,
  boolean,
  oneOf,
  metadata,
  clearable,
  timestamp,
  created,
};

/** The parameters that every list takes; spread it into the route's `z.strictObject`. */
export const listParams = {
  limit: integer().optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
  created: created().optional(),
};

/** New metadata: keys with an empty value are removed, null removes all, undefined changes nothing. */
export function mergeMetadata(
  stored: Readonly<Record<string, string>>,
  sent: Record<string, string> | null | undefined,
): Record<string, string> {
  if (sent === null) return {};
  const merged = { ...stored, ...sent };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}
