export type EmbeddedPostgresErrorCode =
  | "unsupported_platform"
  | "binaries_missing"
  | "binaries_not_runnable"
  | "server_user_missing"
  | "data_directory_unusable"
  | "data_directory_busy"
  | "data_directory_in_use_elsewhere"
  | "data_directory_version"
  | "password_lost"
  | "initdb_failed"
  | "start_failed"
  | "stop_failed";

/** The embedded server could not be had. `message` is a sentence for the reader that says what to do next. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of a Node.js system error (`ENOENT`, `EACCES` …) or of a PostgreSQL error (`57P03` …), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The promise's value, or undefined when it fails with one of these codes. Any other failure is thrown. */
export async function unless<T>(codes: readonly string[], promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = errorCode(error);
    if (code !== undefined && codes.includes(code)) return undefined;
    throw error;
  }
}
