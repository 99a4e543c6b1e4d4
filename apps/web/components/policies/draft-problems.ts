import type { ErrorBody } from "../../src/http/error-response.ts";

/** What is wrong, by the place in the policy: `rules.0.when.amount`. */
export type Problems = ReadonlyMap<string, string>;

const plain: readonly (readonly [RegExp, string])[] = [
  [/\.when\.(reason|requester|dispute)$/, "Choose at least one."],
  [/\.reason$/, "Write the sentence that the customer reads, of at most 500 characters."],
  [/\.name$/, "Give a name of at most 100 characters."],
  [/\.approvers$/, "One, two or three people."],
  [/\.limit\.amount$/, "Write an amount above nothing, such as 50.00."],
  [/\.amount\.\d+\.(above|atMost)$/, "Write an amount such as 50.00, without a mark for thousands."],
  [/\.(above|atMost)$/, "Write a whole number."],
  [/\.withinDays$/, "Write a number of days, from 1 to 3650."],
  [/currency(\.\d+)?$/, "Write currencies of three letters, such as eur."],
  [/\.product(\.\d+)?$/, "Name at least one product, one a line."],
  [/^reminders\./, "Write a number of hours, from 1 to 335."],
];

/** The words of the schema's own checks; ours are sentences already. */
const ofSchema = /^(Invalid|Too (small|big)|Unrecognized|Expected)/;

/** What was refused of a policy, each at its place and in plain words. */
export function problemsOf(error: ErrorBody | undefined): Problems {
  const fields = error?.details?.fields;
  if (!Array.isArray(fields)) return new Map();
  return new Map(
    fields.flatMap((entry: unknown) => {
      const { field, message }: { field?: unknown; message?: unknown } = Object(entry);
      return typeof field === "string" && typeof message === "string"
        ? [[field, inPlainWords(field, message)] as const]
        : [];
    }),
  );
}

function inPlainWords(field: string, message: string): string {
  if (!ofSchema.test(message)) return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return plain.find(([pattern]) => pattern.test(field))?.[1] ?? message;
}

/** All that is wrong at a place or anywhere within it, once. */
export function allWithin(problems: Problems, place: string): string[] {
  const found = [...problems].flatMap(([field, message]) =>
    field === place || field.startsWith(`${place}.`) ? [message] : [],
  );
  return [...new Set(found)];
}
