import { setTimeout as delay } from "node:timers/promises";
import { isRedressError } from "@redress/core/errors";
import { takeShare } from "@redress/core/stripe/request-share";
import { listedDays, type PulledPage, pullEvents } from "@redress/core/webhooks/pull-events";
import type { Desk } from "../command.ts";
import { counted, createProgress, type Progress } from "../terminal.ts";
import { checkingInput } from "./usage-of.ts";

export interface PullOptions {
  readonly app: string;
  readonly since: Date;
  readonly until: Date | undefined;
  readonly json: boolean;
}

/** After this many tries in vain, one after the other, Stripe is out of reach for now. */
const mostFailures = 5;
const pauseMs = 2_000;

/** `events pull`: page by page, at the pace that all processes of this desk have in common. */
export async function pull(desk: Desk, options: PullOptions): Promise<number> {
  const { dependencies, terminal, stopping } = desk;
  // Held still: what happens meanwhile is told by webhooks.
  const until = options.until ?? dependencies.clock.now();
  const span = until.getTime() - options.since.getTime();
  const progress = createProgress(terminal, options.app);
  const sum = { listed: 0, pulled: 0 };
  let cutAt: Date | null = null;
  let cursor: string | undefined;
  let done = false;
  try {
    do {
      const page: PulledPage | null = await nextPage(desk, { ...options, until, cursor }, progress);
      if (page === null) break;
      sum.listed += page.listed;
      sum.pulled += page.pulled;
      cutAt = page.cutAt;
      cursor = page.nextCursor ?? undefined;
      done = cursor === undefined;
      const share = done ? 1 : (until.getTime() - page.reachedAt.getTime()) / span;
      progress.show(Math.min(1, Math.max(0, share)), `${counted(sum.listed, "event")} listed`);
    } while (!done && !stopping.aborted);
  } finally {
    progress.end();
  }
  terminal.out.write(
    options.json
      ? `${JSON.stringify({ app: options.app, ...sum, since: options.since, until, cutAt, done })}\n`
      : `${options.app}: ${counted(sum.listed, "event")} listed, ${sum.pulled} taken in.\n`,
  );
  if (cutAt !== null) {
    terminal.err.write(
      `Stripe lists the events of the last ${listedDays} days, so nothing from before ${cutAt.toISOString()} is among them. For refunds of that time: npm run redress -- reconcile --app ${options.app} --since <date>.\n`,
    );
  }
  if (done) return 0;
  terminal.err.write(
    "Stopped. What was taken in stays; the same command lists again and takes in the rest.\n",
  );
  return 130;
}

type PageInput = Parameters<typeof pullEvents>[1];

/** @returns null when it was stopped while it waited */
async function nextPage(desk: Desk, input: PageInput, progress: Progress): Promise<PulledPage | null> {
  const { dependencies, stopping } = desk;
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping }).catch(() => undefined);
  for (let failures = 1; ; failures += 1) {
    for (;;) {
      const waitMs = await takeShare(dependencies, "reconciliation");
      if (waitMs === 0 || stopping.aborted) break;
      await pause(waitMs);
    }
    if (stopping.aborted) return null;
    try {
      return await checkingInput(dependencies, () => pullEvents(dependencies, input));
    } catch (error) {
      if (!isRedressError(error) || error.code !== "stripe_unavailable" || failures >= mostFailures)
        throw error;
      progress.say(`Put off: ${error.message} Going on in ${(pauseMs * failures) / 1_000} s.`);
      await pause(pauseMs * failures);
    }
  }
}
