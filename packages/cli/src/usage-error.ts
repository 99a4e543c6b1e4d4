/** What was typed cannot be done as it stands: the sentence says why, and nothing was changed. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
