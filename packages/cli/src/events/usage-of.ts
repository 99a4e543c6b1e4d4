import type { Dependencies } from "@redress/core/dependencies";
import { isRedressError } from "@redress/core/errors";
import { comparedApps } from "@redress/core/reconciliation/start-asked-run";
import { UsageError } from "../usage-error.ts";

const wrongAsItStands = new Set([
  "invalid_input",
  "event_not_found",
  "dead_letter_not_found",
  "notification_not_found",
]);

/**
 * Runs core on what was typed: what does not exist is the command's mistake, not the desk's.
 *
 * @throws UsageError
 */
export async function checkingInput<Result>(
  dependencies: Dependencies,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isRedressError(error)) throw error;
    if (error.code === "app_not_found") throw new UsageError(`${error.message} ${await known(dependencies)}`);
    if (wrongAsItStands.has(error.code)) throw new UsageError(error.message);
    throw error;
  }
}

async function known(dependencies: Dependencies): Promise<string> {
  const slugs = (await comparedApps(dependencies)).map(({ slug }) => slug);
  return slugs.length === 0 ? "There is none yet." : `There is: ${slugs.join(", ")}.`;
}
