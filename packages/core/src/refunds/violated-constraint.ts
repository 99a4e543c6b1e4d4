/**
 * The name of the database constraint that an error is about, or null. Looks through the wrapper that
 * Drizzle puts around the driver's error.
 */
export function violatedConstraint(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("constraint" in at && typeof at.constraint === "string") return at.constraint;
  }
  return null;
}
