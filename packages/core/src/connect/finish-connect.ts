import { setTimeout as delay } from "node:timers/promises";
import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { newId } from "../ids.ts";
import {
  type ConnectState,
  consumeConnectState,
  findConnectState,
  keepConnectResult,
  readConnectState,
  type Traveller,
} from "./connect-state.ts";
import { type ConnectFailure, exchangeCode, refusalOf } from "./exchange-code.ts";
import { saveConnection } from "./save-connection.ts";

/** Longer than a call to Stripe may take: a first load that has no result by then has died. */
const firstLoadMs = 30_000;
const askAgainMs = 200;

/** What Stripe added to the address of the callback. */
export interface CallbackQuery {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly scope?: string | undefined;
}

/**
 * The return from Stripe's consent page. Never throws for what Stripe or a browser sends: each outcome is a
 * page to go to, `/settings/integrations?success=connected` or `?error=…`, with `app` where the state was
 * the caller's own.
 *
 * The state is compared before anything else is believed. One load sends the code; every other load of the
 * same session is shown what that one led to.
 *
 * @param input.appIds the apps that the operator may connect now: a role may have been taken since the start
 */
export async function finishConnect(
  dependencies: Dependencies,
  input: Traveller & { query: CallbackQuery; appIds: readonly string[] | "all" },
): Promise<{ location: string }> {
  const { query, operatorId, sessionToken, appIds } = input;
  const locate = (result: string) => ({
    location: `${dependencies.settings.publicUrl}/settings/integrations?${result}`,
  });
  const journey =
    query.state === undefined
      ? null
      : await findConnectState(dependencies, { operatorId, sessionToken, state: query.state });
  if (journey === null || (appIds !== "all" && !appIds.includes(journey.appId))) {
    return locate(failureQuery({ error: "invalid_state" }));
  }
  if (await consumeConnectState(dependencies, journey.stateHash)) {
    return locate(await conclude(dependencies, journey, { query, appIds }));
  }
  return locate(await firstResult(dependencies, journey.stateHash));
}

/** @returns the query of the page to go to, kept as the journey's result */
async function conclude(
  dependencies: Dependencies,
  journey: ConnectState,
  { query, appIds }: { query: CallbackQuery; appIds: readonly string[] | "all" },
): Promise<string> {
  const slug = await readSlug(dependencies, journey.appId);
  const answer = await answerOf(dependencies, query);
  if (!("error" in answer)) {
    const successQuery = new URLSearchParams({ success: "connected", app: slug }).toString();
    const failure = await saveConnection(dependencies, { journey, grant: answer, successQuery });
    if (failure !== null) {
      const holder = await readHolder(dependencies, { ...answer, failure, appIds });
      return concludeFailure(dependencies, journey, slug, { ...failure, ...holder });
    }
    dependencies.wakeOutbox();
    return successQuery;
  }
  return concludeFailure(dependencies, journey, slug, answer);
}

/** Which app has the account already: told to those who may work with that app too. */
async function readHolder(
  { database }: Dependencies,
  given: { accountId: string; failure: ConnectFailure; appIds: readonly string[] | "all" },
): Promise<Pick<ConnectFailure, "holder">> {
  if (given.failure.error !== "account_in_use") return {};
  const [app] = await database.select().from(apps).where(eq(apps.stripeAccountId, given.accountId));
  if (app === undefined || (given.appIds !== "all" && !given.appIds.includes(app.id))) return {};
  return { holder: app.slug };
}

async function answerOf(dependencies: Dependencies, query: CallbackQuery) {
  if (query.error !== undefined) return refusalOf(query.error);
  if (!query.code) return { error: "oauth_failed", reason: "no_code" } satisfies ConnectFailure;
  return exchangeCode(dependencies, query.code);
}

async function concludeFailure(
  dependencies: Dependencies,
  journey: ConnectState,
  slug: string,
  failure: ConnectFailure,
): Promise<string> {
  const query = failureQuery(failure, slug);
  await dependencies.database.transaction(async (transaction) => {
    await keepConnectResult(transaction, journey.stateHash, query);
    await recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id: journey.operatorId },
      action: "connect_failed",
      correlationId: newId(dependencies.random, "correlation"),
      appId: journey.appId,
      details: { ...failure },
    });
  });
  return query;
}

/** Waits for the load that took the journey; it may run in another process. */
async function firstResult(dependencies: Dependencies, stateHash: string): Promise<string> {
  for (let waitedMs = 0; ; waitedMs += askAgainMs) {
    const journey = await readConnectState(dependencies, stateHash);
    if (!journey?.consumedAt) return failureQuery({ error: "invalid_state" });
    if (journey.result !== null) return journey.result.query;
    const ageMs = dependencies.clock.now().getTime() - journey.consumedAt.getTime();
    if (Math.max(waitedMs, ageMs) >= firstLoadMs) {
      const slug = await readSlug(dependencies, journey.appId);
      return failureQuery({ error: "oauth_failed", reason: "unknown_outcome" }, slug);
    }
    await delay(askAgainMs);
  }
}

async function readSlug(dependencies: Dependencies, appId: string): Promise<string> {
  const [app] = await dependencies.database.select({ slug: apps.slug }).from(apps).where(eq(apps.id, appId));
  if (app === undefined)
    throw new Error(`App ${appId} of a connect state is gone, though apps are never deleted.`);
  return app.slug;
}

function failureQuery(failure: ConnectFailure, slug?: string): string {
  const { error, reason, holder } = failure;
  return new URLSearchParams({
    error,
    ...(reason && { reason }),
    ...(slug && { app: slug }),
    ...(holder && { holder }),
  }).toString();
}
