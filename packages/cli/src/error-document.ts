import { DeskError } from "./remote/desk-error.ts";
import { UsageError } from "./usage-error.ts";

/**
 * An error for programs, in the shape that REST and MCP answer with.
 *
 * @param message the sentence that people would read
 */
export function errorDocument(error: unknown, message: string): { error: object } {
  if (error instanceof UsageError) return { error: { code: "invalid_usage", message } };
  if (error instanceof DeskError) {
    const { code, details } = error;
    return { error: { code, message, ...(details === undefined ? {} : { details }) } };
  }
  const code =
    error instanceof Error && error.name === "RedressError" && "code" in error ? error.code : "failed";
  return { error: { code, message } };
}
