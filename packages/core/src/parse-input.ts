import type { z } from "zod";
import { RedressError } from "./errors.ts";

/** U+0000 and halves of surrogate pairs: PostgreSQL's text and jsonb cannot hold them. */
const unstorable = /\0|\p{Surrogate}/u;

export const isStorable = (text: string): boolean => !unstorable.test(text);

/**
 * Input from outside, parsed or refused.
 *
 * @throws RedressError `invalid_input`; `details.fields` names what is wrong, field by field
 */
export function parseInput<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  const issues = parsed.success ? unstorableIn(parsed.data) : parsed.error.issues;
  if (parsed.success && issues.length === 0) return parsed.data;
  const fields = issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const said = fields.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
  throw new RedressError("invalid_input", `Correct this and send it again. ${said.join(". ")}.`, {
    details: { fields },
  });
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function unstorableIn(value: unknown, path: readonly PropertyKey[] = []): Issue[] {
  if (typeof value === "string") {
    return isStorable(value) ? [] : [{ path, message: "has a character that is none. Type it again" }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => unstorableIn(member, [...path, name]));
}
