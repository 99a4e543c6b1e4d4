/**
 * Whether the database refused a statement for what is in it, so that the same statement without the row at
 * fault would pass: SQLSTATE classes 21 (cardinality), 22 (data), 23 (constraints), 54 (limits) and what a
 * function raises (P0). Everything else, and whatever has no SQLSTATE because no server answered, would end
 * the same for each row: connection (08), resources (53), operator's intervention (57), system (58) …
 */
export function isRefusalOfData(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return /^(21|22|23|54|P0)\w{3}$/.test(cause.code);
  }
  return false;
}
