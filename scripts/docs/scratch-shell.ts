import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "./pages.ts";

/** `npm run redress`, or `redress` where it is installed, in the scratch folder, and a curl that minds the status. All else of npm is refused. */
const preamble = `
npm() {
  [ "$1" = run ] && shift || return 64
  [ "$1" = --silent ] && shift
  [ "$1 $2" = "redress --" ] && shift 2 || return 64
  command node --import "$TSX" "$MAIN" "$@"
}
redress() { command node --import "$TSX" "$MAIN" "$@"; }
curl() { command curl --silent --show-error --fail-with-body "$@"; }
`;

/** What lines did: the exit code of the first that failed, and all that was said. */
export interface ShellAnswer {
  readonly code: unknown;
  readonly said: string;
}
export type Shell = (lines: readonly string[], input?: string) => Promise<ShellAnswer>;

/** A bash of its own for each call, in the folder, with nothing of this process's environment but its path. */
export function scratchShell(folder: string, variables: Readonly<Record<string, string>>): Shell {
  const env = {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH,
    TSX: pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
    MAIN: join(repository, "packages/cli/src/main.ts"),
    XDG_CONFIG_HOME: folder,
    ...variables,
  };
  return async (lines, input = "") => {
    const text = `${preamble}\n${lines.join("\n")}\n`;
    const child = spawn("bash", ["--norc", "-euo", "pipefail", "-c", text], { cwd: folder, env });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const [code] = await once(child, "close");
    return { code, said: said.join("") };
  };
}
