import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";
import { clearConnection } from "./clear-connection.ts";
import { confirmNoAccess } from "./confirm-access.ts";

const accountSchema = z.object({
  charges_enabled: z.boolean().nullish(),
  payouts_enabled: z.boolean().nullish(),
  requirements: z.object({ disabled_reason: z.string().nullish() }).nullish(),
});

export type AccountNews = "fine" | "account_restricted" | "access_lost" | "unknown_account";

/**
 * Something about a connected account changed (event `account.updated`). Nothing of it is kept: an app is
 * named by this desk, and what the account may do is Stripe's to say at each refund. But the connection is
 * checked on the occasion, and an account that takes no payments or pays nothing out raises an alert: refunds
 * are paid from its balance, which nothing fills any more (Stripe: refunds, "insufficient balance").
 *
 * @throws RedressError `stripe_unavailable` when Stripe could not say whether the account is still connected
 */
export async function accountUpdated(
  dependencies: Dependencies,
  input: { accountId: string; correlationId: string },
): Promise<AccountNews> {
  const { accountId } = input;
  const [app] = await dependencies.database
    .select({ id: apps.id, slug: apps.slug, connectedAt: apps.connectedAt })
    .from(apps)
    .where(eq(apps.stripeAccountId, accountId));
  if (!app?.connectedAt) return "unknown_account";
  // The event's snapshot may be old.
  const account = await fetchAccount(dependencies, accountId);
  if (account === null) return checkAccess(dependencies, { ...input, connectedAt: app.connectedAt });
  if (account.charges_enabled !== false && account.payouts_enabled !== false) return "fine";
  raiseAlert(
    dependencies,
    "account_restricted",
    {
      appId: app.id,
      accountId,
      chargesEnabled: account.charges_enabled ?? null,
      payoutsEnabled: account.payouts_enabled ?? null,
      disabledReason: account.requirements?.disabled_reason ?? null,
    },
    `Stripe has restricted the account of ${app.slug}. Its refunds may fail once its balance is used up: ask its owner to see to it in Stripe.`,
  );
  return "account_restricted";
}

/** @returns null when Stripe says that the platform may not see the account */
async function fetchAccount({ stripe }: Dependencies, accountId: string) {
  try {
    const account = await stripe.accounts.retrieveCurrent({}, { stripeAccount: accountId });
    return accountSchema.parse(account);
  } catch (error) {
    const { kind } = classifyStripeError(error);
    // A restricted key may not read accounts: it was let in all the same.
    if (kind === "refused") return {};
    if (kind === "no_access") return null;
    throw error;
  }
}

async function checkAccess(
  dependencies: Dependencies,
  input: { accountId: string; connectedAt: Date; correlationId: string },
): Promise<AccountNews> {
  const verdict = await confirmNoAccess(dependencies, input);
  if (verdict === "has_access") return "fine";
  if (verdict !== "lost") {
    throw new RedressError(
      "stripe_unavailable",
      "Stripe could not say whether the account is still connected. It is asked again by itself.",
      { details: { verdict } },
    );
  }
  await dependencies.database.transaction((transaction) =>
    clearConnection(dependencies, transaction, {
      ...input,
      reason: "access_lost",
      actor: { kind: "stripe", id: "account.updated" },
    }),
  );
  return "access_lost";
}
