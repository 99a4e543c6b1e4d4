import { purchaseImports } from "@redress/database";
import { and, eq, ne } from "drizzle-orm";
import type { AppView } from "../apps/app-view.ts";
import { getApp } from "../apps/get-app.ts";
import type { Dependencies, Settings } from "../dependencies.ts";
import { countInFlight, type RefundsInFlight } from "./count-in-flight.ts";
import { type Step, stepsOf } from "./onboarding-steps.ts";
import { type AccountReading, readAccount } from "./read-account.ts";
import { type AccountEvents, readLastEvent } from "./read-last-event.ts";
import { readTestRefund, type TestRefundView } from "./read-test-refund.ts";

/** How far an app has come, and what stands on its account. */
export interface Onboarding {
  readonly app: AppView;
  readonly mode: Settings["mode"];
  readonly steps: readonly Step[];
  /** As Stripe shows it at this moment; null while none is connected. */
  readonly account: AccountReading | null;
  readonly events: AccountEvents;
  readonly testRefund: TestRefundView | null;
  readonly inFlight: RefundsInFlight;
  /** Accounts that it was connected to before: their purchases stay, and are refunded only on them. */
  readonly formerAccounts: readonly string[];
}

/**
 * Asks Stripe for the account once; all else is read from the database.
 *
 * @throws RedressError `app_not_found`
 */
export async function readOnboarding(
  dependencies: Dependencies,
  { slug }: { slug: string },
): Promise<Onboarding> {
  const { database, settings } = dependencies;
  const { mode } = settings;
  const app = await getApp(dependencies, { slug });
  const accountId = app.connection?.stripeAccountId ?? null;
  const [ofAccount, inFlight, formerAccounts] = await Promise.all([
    accountId === null ? nothing : readOfAccount(dependencies, { app, accountId }),
    countInFlight(database, slug),
    readFormerAccounts(dependencies, { appId: app.id, accountId }),
  ]);
  const steps = stepsOf({ mode, app, ...ofAccount });
  return { app, mode, steps, ...ofAccount, inFlight, formerAccounts };
}

const nothing = { account: null, events: { last: null, ofOtherMode: 0 }, testRefund: null };

async function readOfAccount(
  dependencies: Dependencies,
  { app, accountId }: { app: AppView; accountId: string },
): Promise<Pick<Onboarding, "account" | "events" | "testRefund">> {
  const { database, settings } = dependencies;
  const [account, events, testRefund] = await Promise.all([
    readAccount(dependencies, accountId),
    readLastEvent(database, { accountId, livemode: settings.mode === "live" }),
    readTestRefund(database, { appId: app.id, accountId }),
  ]);
  return { account, events, testRefund };
}

/** Each connection began an import. */
async function readFormerAccounts(
  { database }: Dependencies,
  { appId, accountId }: { appId: string; accountId: string | null },
): Promise<string[]> {
  const { stripeAccountId } = purchaseImports;
  const rows = await database
    .selectDistinct({ stripeAccountId })
    .from(purchaseImports)
    .where(
      and(
        eq(purchaseImports.appId, appId),
        accountId === null ? undefined : ne(purchaseImports.stripeAccountId, accountId),
      ),
    )
    .orderBy(stripeAccountId);
  return rows.map((row) => row.stripeAccountId);
}
