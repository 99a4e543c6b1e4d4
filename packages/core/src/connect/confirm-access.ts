import { apps, stripeEvents } from "@redress/database";
import { and, eq, inArray, isNotNull, ne, notExists } from "drizzle-orm";
import { raiseAlert } from "../alerts.ts";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";

/** How many other connected accounts are asked before one is believed to be lost. */
const witnesses = 3;

export type AccessVerdict = "lost" | "has_access" | "platform_key_at_fault" | "unknown";

/**
 * Finds out whether the platform really lost an account (Stripe said `account_invalid`): asks for the
 * platform, for the account, and for others. When every account is out of reach at once, the key is of the
 * wrong platform or mode, and no app may be disconnected for it.
 */
export async function confirmNoAccess(
  dependencies: Dependencies,
  input: { accountId: string },
): Promise<AccessVerdict> {
  const platform = await ask(dependencies, null);
  if (platform !== "answers") return platform === "unknown" ? "unknown" : keyAtFault(dependencies, platform);
  const account = await ask(dependencies, input.accountId);
  if (account === "answers") return "has_access";
  if (account !== "no_access") return account === "unknown" ? "unknown" : keyAtFault(dependencies, account);
  return judgeByOthers(dependencies, input.accountId);
}

async function judgeByOthers(dependencies: Dependencies, accountId: string): Promise<AccessVerdict> {
  const others = await dependencies.database
    .select({ accountId: apps.stripeAccountId })
    .from(apps)
    .where(
      and(
        isNotNull(apps.stripeAccountId),
        ne(apps.stripeAccountId, accountId),
        notExists(deauthorization(dependencies.database)),
      ),
    )
    .limit(witnesses);
  if (others.length === 0) return "lost";
  const answers = await Promise.all(others.map((other) => ask(dependencies, other.accountId)));
  if (answers.includes("answers")) return "lost";
  return answers.includes("unknown") ? "unknown" : keyAtFault(dependencies, "every account is out of reach");
}

/** Of an account that is said to be gone as well: two that left together cannot bear witness for each other. */
function deauthorization(database: Dependencies["database"]) {
  return database
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(
      and(
        eq(stripeEvents.accountId, apps.stripeAccountId),
        eq(stripeEvents.type, "account.application.deauthorized"),
        inArray(stripeEvents.status, ["received", "failed"]),
      ),
    );
}

/** @param accountId null for the platform itself */
async function ask(
  dependencies: Dependencies,
  accountId: string | null,
): Promise<"answers" | "no_access" | "key_refused" | "unknown"> {
  try {
    await dependencies.stripe.accounts.retrieveCurrent(
      {},
      accountId === null ? {} : { stripeAccount: accountId },
    );
    return "answers";
  } catch (error) {
    const outcome = classifyStripeError(error);
    if (outcome.kind === "no_access") return "no_access";
    // A restricted key may not read accounts: it was let in all the same.
    if (outcome.kind === "refused") return "answers";
    return outcome.kind === "unknown" && outcome.reason === "authentication" ? "key_refused" : "unknown";
  }
}

function keyAtFault(dependencies: Dependencies, cause: string): AccessVerdict {
  raiseAlert(
    dependencies,
    "platform_key_at_fault",
    { cause },
    "Stripe does not accept STRIPE_SECRET_KEY for the connected accounts. Check that it is the platform's own key, of the right mode, and not expired. No app was disconnected.",
  );
  return "platform_key_at_fault";
}
