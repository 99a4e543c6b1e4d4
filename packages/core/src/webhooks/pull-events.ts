import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import type Stripe from "stripe";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { pageOfEvents, putMissing } from "../reconciliation/list-events.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";

/** Stripe lists the events of so many days (Stripe: List all events). */
export const listedDays = 30;
const listedMs = listedDays * 24 * 60 * 60 * 1000;

export interface PulledPage {
  readonly listed: number;
  /** Of those, the ones that no webhook had told. */
  readonly pulled: number;
  /** How far back the list has come. */
  readonly reachedAt: Date;
  /** Stripe no longer lists what is older than this; null where all that was asked for is listed. */
  readonly cutAt: Date | null;
  /** For the next page; null after the last. */
  readonly nextCursor: string | null;
}

/**
 * Takes in one page of what Stripe lists for an app's account and no webhook told, newest first. A listed
 * event goes into the inbox as if it had come, marked `pulled`; one that is there is left alone, so a page
 * may be repeated.
 *
 * @param input.cursor `nextCursor` of the page before
 * @throws RedressError `app_not_found`, `app_not_connected`, `invalid_input`, `stripe_refused`,
 *   `stripe_unavailable`
 */
export async function pullEvents(
  dependencies: Dependencies,
  input: { app: string; since: Date; until?: Date | undefined; cursor?: string | undefined },
): Promise<PulledPage> {
  const now = dependencies.clock.now();
  const { since, until = now } = input;
  if (since >= until) {
    throw new RedressError("invalid_input", "The time span is empty: give a start before its end.");
  }
  const stripeAccountId = await accountOf(dependencies, input.app);
  const oldest = new Date(now.getTime() - listedMs);
  const page = await list(dependencies, input.app, {
    stripeAccountId,
    since,
    until,
    cursor: input.cursor ?? null,
  });
  const put = await putMissing(dependencies, { stripeAccountId }, page.data);
  const last = page.data.at(-1);
  return {
    listed: page.data.length,
    pulled: put.length,
    reachedAt: last && page.has_more ? new Date(last.created * 1000) : since,
    cutAt: since < oldest ? oldest : null,
    nextCursor: page.has_more && last ? last.id : null,
  };
}

async function accountOf({ database }: Dependencies, slug: string): Promise<string> {
  const [app] = await database
    .select({ name: apps.name, accountId: apps.stripeAccountId })
    .from(apps)
    .where(eq(apps.slug, slug));
  if (!app) throw new RedressError("app_not_found", `There is no app with the slug "${slug}".`);
  if (app.accountId !== null) return app.accountId;
  throw new RedressError(
    "app_not_connected",
    `${app.name} is not connected to Stripe, which lists events of connected accounts only. Connect it in the settings, then pull again.`,
  );
}

async function list(
  dependencies: Dependencies,
  slug: string,
  given: Parameters<typeof pageOfEvents>[1],
): Promise<Stripe.ApiList<Stripe.Event>> {
  try {
    return await pageOfEvents(dependencies, given);
  } catch (cause) {
    const outcome = classifyStripeError(cause);
    if (outcome.kind === "no_access") {
      throw new RedressError(
        "app_not_connected",
        `Stripe says that this platform has no access to the account of ${slug}. Connect it again, then pull again.`,
        { cause },
      );
    }
    if (outcome.kind === "refused" && given.cursor !== null) {
      throw new RedressError("invalid_input", "Stripe does not know this cursor. Start without one.", {
        cause,
      });
    }
    if (outcome.kind === "refused") {
      throw new RedressError(
        "stripe_refused",
        `Stripe refused to list events: ${outcome.message} See to that, e.g. to the permissions of the secret key, then pull again.`,
        { cause },
      );
    }
    const retryAfterMs = outcome.kind === "later" ? outcome.retryAfterMs : null;
    throw new RedressError(
      "stripe_unavailable",
      "Stripe could not list events now. Try again shortly; what was taken in stays.",
      { cause, details: { retryAfterMs } },
    );
  }
}
