import { z } from "zod";
import { RedressError } from "./errors.ts";

const cursorSchema = z.tuple([z.iso.datetime(), z.string().regex(/^[\w.-]+$/)]);

/** The place in a list, newest first, after which its next page begins: opaque to whoever keeps it. */
export function writeCursor({ at, id }: { at: Date; id: string }): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString("base64url");
}

/**
 * @returns the moment in ISO form, and the id
 * @throws RedressError `invalid_input` for a cursor that is none
 */
export function readCursor(cursor: string): { at: string; id: string } {
  try {
    const [at, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { at, id };
  } catch (cause) {
    throw new RedressError(
      "invalid_input",
      "The cursor is not one that this list gave out. Start from the first page.",
      { cause },
    );
  }
}
