import type { z } from "zod";
import { RedressError } from "./errors.ts";

/**
 * Input from outside, parsed or refused.
 *
 * @throws RedressError `invalid_input`; `details.fields` names what is wrong, field by field
 */
export function parseInput<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const said = fields.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
  throw new RedressError("invalid_input", `Correct this and send it again. ${said.join(". ")}.`, {
    details: { fields },
  });
}
