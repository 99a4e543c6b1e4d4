import type { Terminal } from "../terminal.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command that speaks with a running desk runs with. */
export interface Remote {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly stopping: AbortSignal;
}

/** A command whose words were read: speaks with a desk, and answers the exit code. */
export type RemoteCommand = (remote: Remote) => Promise<number>;

/** Answers of a command: one JSON document for programs, or lines for people. */
export function print(
  { out }: Pick<Terminal, "out">,
  json: boolean | undefined,
  document: unknown,
  lines: readonly string[],
): void {
  if (json) out.write(`${JSON.stringify(document, null, 2)}\n`);
  else for (const line of lines) out.write(`${line}\n`);
}
