/**
 * Whether an error says that a unique constraint refused a row (PostgreSQL: 23505), as thrown by `pg` and
 * wrapped by Drizzle.
 */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "23505" && "constraint" in error)
    return error.constraint === constraint;
  return isUniqueViolation(error.cause, constraint);
}
