import type { Dependencies } from "@redress/core/dependencies";
import { spendShare } from "@redress/core/stripe/request-share";
import { type PulledPage, pullEvents } from "@redress/core/webhooks/pull-events";

/** Pages of a hundred events in one call, so that it answers within seconds. */
const mostPages = 5;

/**
 * Pulls a few pages. Nobody waits for a share of the requests here, so they are counted as spent: the
 * comparisons of all servers wait for them instead.
 *
 * @throws RedressError as `pullEvents`
 */
export async function pullPages(
  dependencies: Dependencies,
  input: Parameters<typeof pullEvents>[1],
): Promise<PulledPage> {
  let page = await pullPage(dependencies, input);
  let { listed, pulled } = page;
  for (let count = 1; count < mostPages && page.nextCursor !== null; count += 1) {
    page = await pullPage(dependencies, { ...input, cursor: page.nextCursor });
    listed += page.listed;
    pulled += page.pulled;
  }
  return { ...page, listed, pulled };
}

async function pullPage(
  dependencies: Dependencies,
  input: Parameters<typeof pullEvents>[1],
): Promise<PulledPage> {
  await spendShare(dependencies, "reconciliation", 1);
  return pullEvents(dependencies, input);
}
