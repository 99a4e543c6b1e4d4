import { z } from "zod";
import { UsageError } from "../usage-error.ts";
import { askDesk } from "./ask-desk.ts";
import { type Connection, readConnection } from "./connection.ts";
import { DeskError } from "./desk-error.ts";
import { readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { ownKeyShape } from "./shapes.ts";

/** Of this command line: a desk of another version may answer otherwise. */
const ownVersion = "0.1.0";
/** Signed messages are good for five minutes; this is well before. */
const mostSkewMs = 60_000;
const healthShape = z.looseObject({ status: z.literal("ok"), mode: z.string() });

interface Check {
  readonly name: "desk" | "key" | "version" | "clock";
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * `doctor`: whether this machine can work with the desk, and if not, why; with `--server` whether the server of this
 * environment is set up right.
 *
 * @throws UsageError
 */
export function doctor(words: readonly string[]): RemoteCommand {
  const options = { server: { type: "boolean" } } as const;
  const next = "See npm run redress -- doctor --help.";
  const { values } = readWords(words, options, [], next);
  if (values.server && values.url !== undefined) {
    throw new UsageError(`--server looks at this environment, so it takes no --url. ${next}`);
  }
  return async ({ terminal, environment }) => {
    // Loaded only now: it brings the database along.
    if (values.server)
      return (await import("../doctor-server.ts")).doctorServer(terminal, environment, values.json);
    const connection = await readConnection(values.url, environment);
    const checks = [await checkDesk(connection), ...(await checkKey(connection, new Date()))];
    const lines = checks.map(
      ({ name, ok, detail }) => `${ok ? "ok  " : "FAIL"}  ${name.padEnd(7)}  ${detail}`,
    );
    const ok = checks.every((check) => check.ok);
    print(terminal, values.json, { ok, url: connection.url, checks }, lines);
    return ok ? 0 : 1;
  };
}

async function checkDesk(connection: Connection): Promise<Check> {
  try {
    const { mode } = await askDesk(connection, { path: "/api/health" }, healthShape);
    return { name: "desk", ok: true, detail: `answers at ${connection.url}, in ${mode} mode` };
  } catch (error) {
    return { name: "desk", ok: false, detail: sentenceOf(error) };
  }
}

async function checkKey(connection: Connection, askedAt: Date): Promise<Check[]> {
  try {
    const { key, desk } = await askDesk(connection, { path: "/api/v1/key" }, ownKeyShape);
    // The desk's moment lies between question and answer.
    const [least, most] = [askedAt.getTime() - Date.parse(desk.now), Date.now() - Date.parse(desk.now)];
    const skewMs = least > 0 ? least : Math.min(0, most);
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const side = skewMs > 0 ? "ahead of" : "behind";
    return [
      { name: "key", ok: true, detail: `${key.name}, until ${key.expiresAt}: ${key.permissions.join(", ")}` },
      {
        name: "version",
        ok: desk.version === ownVersion,
        detail: `desk ${desk.version}, this ${ownVersion}`,
      },
      {
        name: "clock",
        ok: Math.abs(skewMs) <= mostSkewMs,
        detail: seconds === 0 ? "agrees with the desk's" : `${seconds} s ${side} the desk's`,
      },
    ];
  } catch (error) {
    return [{ name: "key", ok: false, detail: sentenceOf(error) }];
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof DeskError) return `${error.message} (${error.code})`;
  throw error;
}
