import { examineServer } from "@redress/core/doctor/examine-server";
import type { Finding } from "@redress/core/doctor/finding";
import { startEmbeddedPostgres } from "@redress/database/embedded";
import { type Environment, print } from "./remote/remote-command.ts";
import { withSandboxKeys } from "./sandbox-environment.ts";
import type { Terminal } from "./terminal.ts";

const marks: Readonly<Record<Finding["state"], string>> = {
  ok: "ok  ",
  warning: "warn",
  failed: "FAIL",
  skipped: "-   ",
};

/**
 * `doctor --server`: looks at the set-up of the server whose environment this is.
 *
 * @returns the exit code: 1 when something is wrong; warnings are 0
 */
export async function doctorServer(
  terminal: Terminal,
  environment: Environment,
  json: boolean | undefined,
): Promise<number> {
  const postgres = environment.DATABASE_URL ? null : await startEmbeddedPostgres({ onLog: () => {} });
  try {
    const findings = await examineServer({
      environment: await withSandboxKeys(environment),
      connectionString: postgres?.connectionString() ?? null,
      now: () => new Date(),
    });
    const ok = findings.every(({ state }) => state !== "failed");
    print(terminal, json, { ok, findings }, findings.flatMap(linesOf));
    return ok ? 0 : 1;
  } finally {
    await postgres?.stop();
  }
}

function linesOf({ part, state, sentence, mend }: Finding): string[] {
  const line = `${marks[state]}  ${part.padEnd(13)}  ${sentence}`;
  return mend === undefined ? [line] : [line, `${" ".repeat(21)}${mend}`];
}
