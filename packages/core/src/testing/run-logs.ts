import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../dependencies.ts";
import { createLogger } from "../logger.ts";
import { silentLogger } from "../open-desk.ts";

/**
 * Where a whole test run keeps what its desks say (`npm test` sets it): afterwards all of it is searched for secrets and cards.
 * Null: a single test file, of which nothing is kept.
 */
const folder = process.env.REDRESS_TEST_LOGS || null;
let logger: Logger | null = null;

/** The log of desks of this process, down to the least: what nobody would read is searched as well. */
export function runLogger(): Logger {
  if (folder === null) return silentLogger;
  logger ??= spreadable(createLogger({ level: "debug", file: join(folder, `${process.pid}.log`) }));
  return logger;
}

/** Tests take a log apart to listen to one level; pino's methods want their object. */
function spreadable(whole: Logger): Logger {
  return {
    debug: (facts, sentence) => whole.debug(facts, sentence),
    info: (facts, sentence) => whole.info(facts, sentence),
    warn: (facts, sentence) => whole.warn(facts, sentence),
    error: (facts, sentence) => whole.error(facts, sentence),
  };
}

/** Keeps what a process of this test said, as runLogger keeps what this one says. */
export function keepOutput(text: string): void {
  if (folder !== null) appendFileSync(join(folder, `${process.pid}.out`), text);
}

/** Tells the search of a value that must be in no log, besides what looks like a secret of itself. */
export function neverLogged(...secrets: readonly (string | undefined)[]): void {
  if (folder === null) return;
  const lines = secrets.flatMap((secret) => (secret ? [`${JSON.stringify(secret)}\n`] : []));
  if (lines.length > 0) appendFileSync(join(folder, `${process.pid}.secrets`), lines.join(""));
}
