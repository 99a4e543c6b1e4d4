import { type DestinationStream, destination, pino, stdTimeFunctions } from "pino";
import type { Logger } from "./dependencies.ts";

/** Members that hold a secret wherever they turn up; the log shows that there was one, not what it was. */
const secretMembers = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "access_token",
  "refresh_token",
  "notificationSecret",
  "connectionString",
  "apiKey",
] as const;

/**
 * The desk's log: one JSON object a line.
 *
 * @param options.level the lowest that is written; `info` unless told
 * @param options.file where lines go; standard output unless told
 */
export function createLogger(
  options: { level?: string; file?: string; stream?: DestinationStream } = {},
): Logger {
  return pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      redact: {
        paths: secretMembers.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[secret]",
      },
    },
    options.stream ?? destination({ dest: options.file ?? 1, mkdir: true, sync: true }),
  );
}
