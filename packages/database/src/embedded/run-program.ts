import { spawn } from "node:child_process";
import type { ServerUser } from "./server-user.ts";

/** How a PostgreSQL program is run: whose, from where, and with none of our own environment, which holds secrets. */
export function programOptions(user: ServerUser | undefined, cwd: string) {
  // English messages: some are recognised below. initdb and postgres take every other locale from their options.
  const { PATH = "/usr/bin:/bin", NODE_ENV } = process.env;
  const env = { LC_ALL: "C", TZ: "UTC", PATH, NODE_ENV };
  return { cwd, env, ...(user && { uid: user.uid, gid: user.gid }) };
}

/** Runs a PostgreSQL program to its end. Rejects, with what it printed, when it cannot be run or exits non-zero. */
export function runProgram(
  program: string,
  args: readonly string[],
  user: ServerUser | undefined,
  cwd: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...programOptions(user, cwd), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code ?? signal}: ${output.trim()}`));
    });
  });
}
